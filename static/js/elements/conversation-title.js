// The title of the open chat, in the page and on its tab; the tab gets a mark when an answer is ready that nobody saw.

import { watchWhileHidden } from "../chat/activity.js";

export class ConversationTitle extends HTMLElement {
  #unwatch = () => {};

  // Lifecycle

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#look);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#look);
    this.#unwatch();
  }

  // Actions

  /** @type {() => {ids: string[], since: string}} the answers under way; set by the page */
  underWay = () => ({ ids: [], since: "" });

  get text() {
    return this.#heading.textContent;
  }

  set text(text) {
    this.#heading.textContent = text;
    this.#nameTab(text);
  }

  /** Something is ready: marks the tab unless it is being looked at. */
  mark() {
    if (document.hidden) this.#nameTab(`● ${this.text}`);
  }

  // Internal

  #look = () => {
    this.#unwatch();
    if (!document.hidden) return this.#nameTab(this.text);
    const { ids, since } = this.underWay();
    if (ids.length) this.#unwatch = watchWhileHidden(ids, since, () => this.mark());
  };

  #nameTab(name) {
    document.title = `${name} – Celadon`;
  }

  get #heading() {
    return this.querySelector("h1");
  }
}
