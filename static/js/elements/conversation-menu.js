// Rename and delete, each with a dialog of its own.

import { request } from "../lib/api.js";
import { onActions, tell } from "../lib/parts.js";

export class ConversationMenu extends HTMLElement {
  // Lifecycle

  connectedCallback() {
    onActions(this, {
      rename: () => this.#ask(this.#rename),
      delete: () => this.#ask(this.#delete),
      cancel: (event) => event.target.closest("dialog").close(),
    });
    this.#rename.addEventListener("submit", (event) => this.#submit(event, this.#saveTitle));
    this.#delete.addEventListener("submit", (event) => this.#submit(event, this.#remove));
    for (const dialog of [this.#rename, this.#delete]) {
      dialog.addEventListener("close", () => this.querySelector("[popovertarget]").focus());
    }
  }

  // Actions

  /** @type {() => {id: string, title: string}} which conversation it is about; set by the page */
  conversation = () => ({ id: "", title: "" });

  // Internal

  #ask(dialog) {
    this.querySelector("[popover]").hidePopover();
    this.#problem(dialog, "");
    dialog.showModal();
    if (dialog !== this.#rename) return;
    this.#title.value = this.conversation().title;
    this.#title.select();
  }

  async #submit(event, act) {
    event.preventDefault();
    const dialog = event.currentTarget;
    const button = dialog.querySelector('[type="submit"]');
    button.disabled = true;
    try {
      await act();
      dialog.close();
    } catch (failure) {
      this.#problem(dialog, failure.message);
    } finally {
      button.disabled = false;
    }
  }

  #saveTitle = async () => {
    const { id } = this.conversation();
    const title = this.#title.value.trim();
    if (!title) return;
    const changed = await request("PATCH", `/api/v1/conversations/${id}`, { title });
    tell(this, "conversation-renamed", { id, title: changed?.title ?? title });
  };

  #remove = async () => {
    const { id } = this.conversation();
    await request("DELETE", `/api/v1/conversations/${id}`);
    tell(this, "conversation-deleted", { id });
  };

  #problem(dialog, sentence) {
    const place = dialog.querySelector(".wrong");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  get #rename() {
    return this.querySelector("#rename-dialog");
  }

  get #delete() {
    return this.querySelector("#delete-dialog");
  }

  get #title() {
    return this.querySelector("#new-title");
  }
}
