// Checks a deployed time service over HTTP.
//
// The pipeline calls `handler` after every deployment, with the application's URL, and goes on only if nothing failed.
// To add a check, write a function that takes the URL and throws when something is wrong, and name it in CHECKS.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

const TIMEOUT_MS = 10_000;
// For a few seconds a new API says that it is forbidden, until every server of API Gateway knows it.
const PAUSES_MS = [1000, 2000, 4000];
const NOW_MS = 60_000;

/** The status and the JSON of an answer; of the last one, while it is forbidden. */
async function get(url) {
  for (const pause of PAUSES_MS) {
    const answer = await getOnce(url);
    if (answer.status !== 403) return answer;
    await sleep(pause);
  }
  return getOnce(url);
}

async function getOnce(url) {
  const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await answer.text();
  try {
    return { status: answer.status, body: JSON.parse(text) };
  } catch {
    throw new Error(`status ${answer.status} came with no JSON: ${text.slice(0, 100) || "nothing"}`);
  }
}

/** What an answer says; without it the check fails with what came instead. */
function field(body, name) {
  const value = body?.[name];
  assert.ok(typeof value === "string", `the answer has no ${name}: ${JSON.stringify(body).slice(0, 100)}`);
  return value;
}

function assertNow(time) {
  assert.ok(Math.abs(Date.now() - Date.parse(time)) < NOW_MS, `${time} is not now`);
}

async function itTellsTheTime(apiUrl) {
  const { status, body } = await get(`${apiUrl}/time`);
  assert.equal(status, 200, `status ${status}`);
  const time = field(body, "time");
  assert.match(time, /\+00:00$/, `${time} is not in UTC`);
  assertNow(time);
}

async function itTellsTheTimeInAZone(apiUrl) {
  const { status, body } = await get(`${apiUrl}/time/America/New_York`);
  assert.equal(status, 200, `status ${status}`);
  const time = field(body, "time");
  assert.match(time, /-0[45]:00$/, `${time} is not in New York`);
  assertNow(time);
}

async function itKnowsNoZoneOfThatName(apiUrl) {
  const { status, body } = await get(`${apiUrl}/time/Atlantis/Capital`);
  assert.equal(status, 404, `status ${status}`);
  const message = field(body, "message");
  assert.match(message, /Atlantis\/Capital/, `the message is ${message}`);
}

export const CHECKS = [itTellsTheTime, itTellsTheTimeInAZone, itKnowsNoZoneOfThatName];
// What a stage with `tests: smoke` in the pipeline file runs instead of everything.
const SUBSETS = new Map([["smoke", [itTellsTheTime]]]);

/** Runs every check, or those of a subset. The pipeline counts on `passed`, `failed` and `summary`, and shows them to the approver. */
export async function handler(event) {
  const apiUrl = String(event.api_url).replace(/\/+$/, "");
  const checks = event.subset ? SUBSETS.get(event.subset) : CHECKS;
  if (!checks) throw new Error(`there is no subset ${event.subset}`);
  const reasons = await Promise.all(checks.map((check) => failure(check, apiUrl)));
  const failures = reasons.filter((reason) => reason !== undefined);
  const passed = checks.length - failures.length;
  const summary = [`${passed} of ${checks.length} checks passed`, ...failures].join("; ");
  return { passed, failed: failures.length, summary };
}

/** Why a check failed; undefined when it passed. */
async function failure(check, apiUrl) {
  try {
    await check(apiUrl);
    return undefined;
  } catch (error) {
    const name = check.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    // What fetch throws says little; the cause it names says why.
    return `${name}: ${error?.cause?.message ?? error?.message ?? error}`;
  }
}
