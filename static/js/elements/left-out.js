// The line above an answer that was written without the oldest messages; opened, it names them.

import { request } from "../lib/api.js";
import { t, tn } from "../lib/i18n.js";
import { part } from "../lib/parts.js";

export class LeftOut extends HTMLElement {
  #isRead = false;

  // Lifecycle

  connectedCallback() {
    this.querySelector("details").addEventListener("toggle", ({ target }) => target.open && this.#read());
  }

  // Actions

  /** @param {number} count  of messages; 0 hides the line */
  show(count) {
    this.hidden = !count;
    if (count) part(this, "left-out-label").textContent = tn("The first %(n)s message was left out to make room", "The first %(n)s messages were left out to make room", count);
  }

  // Internal

  async #read() {
    const id = this.closest("[data-message]")?.dataset.message;
    if (this.#isRead || !id) return;
    this.#isRead = true;
    try {
      const { items } = await request("GET", `/api/v1/messages/${id}/left-out`);
      this.#list.replaceChildren(...items.map(line));
      // While an answer is being written the list may still be on its way.
      this.#isRead = items.length > 0;
    } catch {
      this.#isRead = false;
      this.#list.replaceChildren(words("li", t("These messages can't be shown right now. Try again in a moment.")));
    }
  }

  get #list() {
    return this.querySelector("ol");
  }
}

function line({ role, beginning }) {
  const item = document.createElement("li");
  item.dir = "auto";
  item.append(words("b", role === "user" ? t("You:") : t("Answer:")), ` ${beginning}`);
  return item;
}

function words(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
