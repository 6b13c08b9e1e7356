import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { handler } from "../../src/index.js";

async function get(path) {
  // What API Gateway passes on, as far as this service looks at it.
  const event = { httpMethod: "GET", path, headers: {}, multiValueHeaders: {}, requestContext: {}, body: null };
  const { statusCode, headers, body } = await handler(event, {});
  assert.match(headers["content-type"], /^application\/json/);
  return { status: statusCode, body: JSON.parse(body) };
}

describe("a request is answered in JSON", () => {
  for (const [path, timeZone] of [
    ["/time", "UTC"],
    ["/time/Europe/Berlin", "Europe/Berlin"],
    ["/time/Europe%2FBerlin", "Europe/Berlin"],
    ["/time/Etc/GMT+5", "Etc/GMT+5"],
  ]) {
    test(path, async () => {
      const { status, body } = await get(path);
      assert.equal(status, 200);
      assert.equal(body.timeZone, timeZone);
    });
  }
});

test("a request for an unknown zone gets a message", async () => {
  const { status, body } = await get("/time/Atlantis/Capital");
  assert.equal(status, 404);
  assert.match(body.message, /Atlantis\/Capital/);
});
