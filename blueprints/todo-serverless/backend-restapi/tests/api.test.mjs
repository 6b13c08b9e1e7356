import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { todoApi } from "../src/api.mjs";

/** The API over a store in memory; `call` returns the status and the body of an answer. */
function api() {
  const kept = new Map();
  const { todos, todo } = todoApi({
    all: async () => [...kept.values()],
    put: async (item) => kept.set(item.id, item),
    remove: async (id) => kept.delete(id),
    change: async (id, values) => kept.has(id) && Object.assign(kept.get(id), values),
  });
  return async (method, id, body) => {
    const event = { requestContext: { http: { method } }, body, pathParameters: id ? { id } : undefined };
    const answer = await (id ? todo(event) : todos(event));
    return [answer.statusCode, answer.body && JSON.parse(answer.body)];
  };
}

test("a todo is kept, changed and removed", async () => {
  const call = api();
  const [created, todo] = await call("POST", "", '{"text": " write tests "}');
  assert.deepEqual([created, todo.text, todo.done], [201, "write tests", false]);
  const [changed, done] = await call("PUT", todo.id, '{"done": true}');
  assert.deepEqual([changed, done.done], [200, true]);
  assert.deepEqual(await call("GET"), [200, { todos: [done] }]);
  assert.deepEqual(await call("DELETE", todo.id), [204, undefined]);
  assert.deepEqual(await call("GET"), [200, { todos: [] }]);
});

test("a todo in Base64 is read", async () => {
  const { todos } = todoApi({ put: async () => {} });
  const body = Buffer.from('{"text": "x"}').toString("base64");
  const answer = await todos({ requestContext: { http: { method: "POST" } }, body, isBase64Encoded: true });
  assert.equal(answer.statusCode, 201);
});

describe("what is no todo is refused", () => {
  for (const body of [undefined, "", "{", "{}", '{"text": " "}', '{"text": 7}', `{"text": "${"x".repeat(201)}"}`]) {
    test(String(body).slice(0, 20), async () => {
      const [status, answer] = await api()("POST", "", body);
      assert.deepEqual([status, answer.message], [400, "a todo has a text of at most 200 characters"]);
    });
  }
});

test("a change says whether it is done", async () => {
  assert.equal((await api()("PUT", "1", '{"done": "yes"}'))[0], 400);
});

test("a todo that is not there cannot be changed", async () => {
  assert.deepEqual(await api()("PUT", "1", '{"done": true}'), [404, { message: "there is no todo 1" }]);
});
