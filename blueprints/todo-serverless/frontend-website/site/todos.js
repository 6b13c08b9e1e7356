// The page: it shows todos, adds new ones, and ticks off and removes others. The API is where the page comes from.
const list = document.querySelector("#todos");
const form = document.querySelector("#new");

async function call(method, path, body) {
  const answer = await fetch(path, { method, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
}

async function show() {
  const { todos } = await call("GET", "todos");
  list.replaceChildren(...todos.map(row));
}

function row({ id, text, done }) {
  const element = document.createElement("li");
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: done });
  const button = Object.assign(document.createElement("button"), { textContent: "Remove" });
  box.onchange = () => call("PUT", `todos/${id}`, { done: box.checked }).then(show);
  button.onclick = () => call("DELETE", `todos/${id}`).then(show);
  label.className = done ? "done" : "";
  label.append(box, text);
  element.append(label, button);
  return element;
}

form.onsubmit = async (event) => {
  event.preventDefault();
  await call("POST", "todos", { text: form.elements.text.value });
  form.reset();
  await show();
};
await show();
