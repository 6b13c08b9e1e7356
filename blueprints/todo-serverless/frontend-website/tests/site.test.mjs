import assert from "node:assert/strict";
import { test } from "node:test";

import { website } from "../src/site.mjs";

const missing = Object.assign(new Error("missing"), { name: "NoSuchKey" });
const files = { "index.html": "<html>", "styles/page.css": "p {}" };
const site = website(async (path) => {
  if (path in files) return files[path];
  throw missing;
});

for (const [rawPath, status, type, body] of [
  ["/", 200, "text/html", "<html>"],
  ["/styles/page.css", 200, "text/css", "p {}"],
  ["/other.html", 404, "text/plain", "there is no other.html"],
  ["/index", 404, "text/plain", "there is no index"],
]) {
  test(rawPath, async () => {
    const answer = await site({ rawPath });
    assert.deepEqual([answer.statusCode, answer.headers["content-type"], answer.body], [status, type, body]);
  });
}

test("whatever else goes wrong is an error", async () => {
  const broken = website(async () => {
    throw new Error("denied");
  });
  await assert.rejects(broken({ rawPath: "/" }), /denied/);
});
