// Finding the named pieces of an element that the server wrote.

export function part(element, name) {
  return element.querySelector(`[data-part="${name}"]`);
}

/** Runs `actions[name]` when something inside with that data-action is clicked. */
export function onActions(element, actions) {
  element.addEventListener("click", (event) => {
    const name = event.target.closest("[data-action]")?.dataset.action;
    if (Object.hasOwn(actions, name)) actions[name](event);
  });
}

export function tell(element, name, detail) {
  element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}
