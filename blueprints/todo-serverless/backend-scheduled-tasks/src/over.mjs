// Which todos are over.

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Whether a todo was done so long ago that nobody looks for it. */
export const isOver = (todo, moment) => todo.done && moment - new Date(todo.changed) > KEPT_MS;
