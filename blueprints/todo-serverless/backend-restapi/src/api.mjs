// The API: GET and POST /todos, PUT and DELETE /todos/{id}. It keeps todos in a store, and knows no other.
import { randomUUID } from "node:crypto";

const LONGEST = 200;

/** The handlers of the API over a store: all todos, and one of them. */
export function todoApi(store) {
  return {
    async todos(event) {
      if (methodOf(event) === "GET") return answer(200, { todos: await store.all() });
      const text = written(event)?.text;
      if (typeof text !== "string" || !text.trim() || text.length > LONGEST) {
        return answer(400, { message: `a todo has a text of at most ${LONGEST} characters` });
      }
      const todo = { id: randomUUID(), text: text.trim(), done: false, changed: now() };
      await store.put(todo);
      return answer(201, todo);
    },

    async todo(event) {
      const { id } = event.pathParameters;
      if (methodOf(event) === "DELETE") {
        await store.remove(id);
        return { statusCode: 204 };
      }
      const done = written(event)?.done;
      if (typeof done !== "boolean") return answer(400, { message: "say whether it is done: true or false" });
      const todo = await store.change(id, { done, changed: now() });
      return todo ? answer(200, todo) : answer(404, { message: `there is no todo ${id}` });
    },
  };
}

const methodOf = (event) => event.requestContext.http.method;
const now = () => new Date().toISOString();
const answer = (statusCode, body) => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** What a request carries; undefined where that is no JSON. */
function written(event) {
  try {
    return JSON.parse(event.isBase64Encoded ? Buffer.from(event.body, "base64").toString() : event.body);
  } catch {
    return undefined;
  }
}
