// Which keys of the chat page mean what. None within a composition, and single signs only where nobody writes.

/** Safari ends a composition before its Enter arrives; this code is what tells them apart. */
const IN_COMPOSITION = 229;
const FIELDS = "input, textarea, select, [contenteditable]";

/** @returns {boolean} whether this key belongs to a composition, such as of Chinese */
export function isComposing({ isComposing, keyCode }) {
  return isComposing || keyCode === IN_COMPOSITION;
}

/** @returns {"send" | "line" | ""} what Enter does in the box; `enter` is what the person wishes */
export function enterMeans(event, enter) {
  if (event.key !== "Enter" || isComposing(event)) return "";
  if (event.ctrlKey || event.metaKey) return "send";
  return event.shiftKey || event.altKey || enter === "line" ? "line" : "send";
}

/** @returns {"stop" | "new" | "help" | ""} */
export function keyMeans(event) {
  if (isComposing(event) || event.defaultPrevented) return "";
  if (event.key === "Escape") return "stop";
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && event.shiftKey && !event.altKey && event.key.toLowerCase() === "o") return "new";
  return event.key === "?" && !isCommand && !event.altKey && !event.target.closest?.(FIELDS) ? "help" : "";
}
