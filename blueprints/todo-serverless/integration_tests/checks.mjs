// Checks the deployed services over HTTP: the API, the table behind it, and the website.
//
// The pipeline calls `handler` after every deployment, with the application's URL, and goes on only if nothing failed.
// To add a check, write a function that takes the URL and throws when something is wrong, and name it in CHECKS.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

const TIMEOUT_MS = 30_000;
// For a few seconds a new API answers that it is forbidden, or that there is no such route.
const PAUSES_MS = [1000, 2000, 4000];
const TEXT = "a todo of the integration tests";

/** The status, the type and the text of an answer. */
async function call(url, method = "GET", body = undefined) {
  const options = { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS) };
  const answer = await fetch(url, { redirect: "manual", ...options });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

/** The same for what is there, as soon as it is. */
async function get(url) {
  for (const pause of PAUSES_MS) {
    const answer = await call(url);
    if (answer.status === 200) return answer;
    await sleep(pause);
  }
  return call(url);
}

function json({ status, text }, expected) {
  assert.equal(status, expected, `status ${status} in place of ${expected}: ${text.slice(0, 100)}`);
  return JSON.parse(text);
}

async function itKeepsATodoUntilItIsRemoved(url) {
  json(await get(`${url}/todos`), 200);
  const { id } = json(await call(`${url}/todos`, "POST", { text: TEXT }), 201);
  const changed = json(await call(`${url}/todos/${id}`, "PUT", { done: true }), 200);
  const { todos } = json(await call(`${url}/todos`), 200);
  const removed = await call(`${url}/todos/${id}`, "DELETE");
  assert.ok(changed.done, "it is not done");
  assert.deepEqual(todos.find((todo) => todo.id === id), changed);
  assert.equal(removed.status, 204, `status ${removed.status} in place of 204`);
}

async function itRefusesATodoWithoutAText(url) {
  await get(`${url}/todos`);
  json(await call(`${url}/todos`, "POST", {}), 400);
}

async function itShowsTheWebsite(url) {
  for (const [path, type, words] of [
    ["", "text/html", "<title>Todos</title>"],
    ["todos.js", "text/javascript", "fetch("],
  ]) {
    const answer = await get(`${url}/${path}`);
    assert.equal(answer.status, 200, `status ${answer.status} for /${path}: ${answer.text.slice(0, 100)}`);
    assert.equal(answer.type, type);
    assert.ok(answer.text.includes(words), `/${path} has no ${words}`);
  }
}

export const CHECKS = [itKeepsATodoUntilItIsRemoved, itRefusesATodoWithoutAText, itShowsTheWebsite];
// What a stage with `tests: smoke` in the pipeline file runs instead of everything: it writes nothing.
const SUBSETS = new Map([["smoke", [itShowsTheWebsite]]]);

/** Runs every check, or those of a subset. The pipeline counts on `passed`, `failed` and `summary`. */
export async function handler(event) {
  const url = String(event.api_url).replace(/\/+$/, "");
  const checks = event.subset ? SUBSETS.get(event.subset) : CHECKS;
  if (!checks) throw new Error(`there is no subset ${event.subset}`);
  const reasons = await Promise.all(checks.map((check) => failure(check, url)));
  const failures = reasons.filter((reason) => reason !== undefined);
  const passed = checks.length - failures.length;
  const summary = [`${passed} of ${checks.length} checks passed`, ...failures].join("; ");
  return { passed, failed: failures.length, summary };
}

/** Why a check failed; undefined when it passed. */
async function failure(check, url) {
  try {
    await check(url);
    return undefined;
  } catch (error) {
    const name = check.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    // What fetch throws says little; the cause it names says why.
    return `${name}: ${error?.cause?.message ?? error?.message ?? error}`;
  }
}
