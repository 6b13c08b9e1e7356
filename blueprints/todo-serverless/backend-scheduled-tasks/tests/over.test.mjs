import assert from "node:assert/strict";
import { test } from "node:test";

import { isOver } from "../src/over.mjs";

const MOMENT = new Date("2026-03-01T00:00:00Z");

for (const [name, todo, over] of [
  ["what was done long ago is over", { done: true, changed: "2026-01-15T00:00:00Z" }, true],
  ["what was done a month ago and no longer is kept", { done: true, changed: "2026-01-30T00:00:00Z" }, false],
  ["what is not done is kept, however old it is", { done: false, changed: "2020-01-01T00:00:00Z" }, false],
]) {
  test(name, () => assert.equal(isOver(todo, MOMENT), over));
}
