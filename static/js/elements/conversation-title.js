// The title of the open chat, in the page and on its tab; the tab gets a mark when an answer is ready that nobody saw.

export class ConversationTitle extends HTMLElement {
  #isMarked = false;

  // Lifecycle

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#look);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#look);
  }

  // Actions

  get text() {
    return this.#heading.textContent;
  }

  set text(text) {
    this.#heading.textContent = text;
    this.#nameTab();
  }

  /** Something is ready that nobody looks at; who wished so is told, once. */
  async mark(conversation) {
    if (this.#isMarked) return;
    this.#isMarked = true;
    this.#nameTab();
    if (!this.hasAttribute("data-notifies")) return;
    const { notify } = await import("../chat/notification.js");
    notify(this.text, conversation);
  }

  // Internal

  #look = () => {
    if (document.hidden) return;
    this.#isMarked = false;
    this.#nameTab();
  };

  #nameTab() {
    document.title = `${this.#isMarked ? "● " : ""}${this.text} – Celadon`;
  }

  get #heading() {
    return this.querySelector("h1");
  }
}
