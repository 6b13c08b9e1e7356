// Where Lambda comes in: the API over the table that the database's service made.
import { todoApi } from "./api.mjs";
import { store } from "./store.mjs";

export const { todos, todo } = todoApi(store(process.env.TABLE_NAME));
