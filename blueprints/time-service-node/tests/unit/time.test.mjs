import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { timeIn } from "../../src/time.js";

const WINTER = new Date("2026-01-15T12:00:00Z");
const SUMMER = new Date("2026-07-15T12:00:00Z");

describe("the time is that of the zone", () => {
  for (const [timeZone, moment, time] of [
    ["UTC", WINTER, "2026-01-15T12:00:00+00:00"],
    ["America/New_York", WINTER, "2026-01-15T07:00:00-05:00"],
    ["America/New_York", SUMMER, "2026-07-15T08:00:00-04:00"],
    ["America/Argentina/Buenos_Aires", WINTER, "2026-01-15T09:00:00-03:00"],
    ["Asia/Kolkata", WINTER, "2026-01-15T17:30:00+05:30"],
    ["Pacific/Auckland", WINTER, "2026-01-16T01:00:00+13:00"],
  ]) {
    test(`${timeZone} at ${moment.toISOString()}`, () => {
      assert.deepEqual(timeIn(timeZone, moment), { time, timeZone });
    });
  }

  test("at midnight", () => {
    assert.equal(timeIn("UTC", new Date("2026-01-01T00:00:00Z")).time, "2026-01-01T00:00:00+00:00");
  });
});

describe("a zone nobody knows has no time", () => {
  for (const timeZone of ["Atlantis/Capital", "America", "../../etc/passwd", "", "x".repeat(300)]) {
    test(`'${timeZone}'`, () => {
      assert.equal(timeIn(timeZone, WINTER), undefined);
    });
  }
});
