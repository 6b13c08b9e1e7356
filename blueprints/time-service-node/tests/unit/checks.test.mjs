import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { CHECKS, handler } from "../../integration_tests/checks.mjs";

describe("a check that cannot be made is a failed one", () => {
  // The name can never be registered.
  for (const event of [{ api_url: "https://nowhere.invalid" }, { api_url: "ftp://nowhere.invalid" }, {}]) {
    test(JSON.stringify(event), async () => {
      const { passed, failed, summary } = await handler(event);
      assert.deepEqual([passed, failed], [0, CHECKS.length]);
      assert.match(summary, new RegExp(`^0 of ${CHECKS.length} checks passed; it tells the time: `));
    });
  }
});
