// The draft of this chat, wherever it was typed; a line shows when another device has a different one.

import { DraftKeeper } from "../chat/draft-keeper.js";
import { onActions, part } from "../lib/parts.js";

export class DraftOffer extends HTMLElement {
  #keeper = null;

  // Lifecycle

  connectedCallback() {
    onActions(this, { insert: () => this.#keeper.insert(), dismiss: () => this.#keeper.dismiss() });
    document.addEventListener("visibilitychange", this.#look);
    addEventListener("pageshow", this.#come);
    addEventListener("online", this.#look);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#look);
    removeEventListener("pageshow", this.#come);
    removeEventListener("online", this.#look);
  }

  // Actions

  /** @returns {DraftKeeper} for what stands in the composer */
  begin(drafts, conversation, composer) {
    this.#keeper = new DraftKeeper(drafts, conversation, {
      read: () => composer.draft,
      take: ({ text, model }) => composer.restore(text, model),
      offer: (other) => this.#show(other),
    });
    return this.#keeper;
  }

  // Internal

  #look = () => {
    if (!document.hidden) this.#keeper?.compare();
  };

  /** Back from the browser's memory, where nothing was begun anew. */
  #come = ({ persisted }) => persisted && this.#look();

  #show(other) {
    this.hidden = !other;
    if (other) part(this, "other-text").textContent = other.text;
  }
}
