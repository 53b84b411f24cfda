// The list of chats: beside the page where there is room, else in a dialog that comes from the side.

import { onActions } from "../lib/parts.js";

const WIDE = "(width >= 48rem)";

export class SideDrawer extends HTMLElement {
  #dialog = null;
  #wide = matchMedia(WIDE);

  // Lifecycle

  connectedCallback() {
    this.#wide.addEventListener("change", this.#close);
    onActions(this, { close: this.#close });
  }

  disconnectedCallback() {
    this.#wide.removeEventListener("change", this.#close);
  }

  // Actions

  open() {
    this.#dialog ??= this.#makeDialog();
    this.#dialog.append(this.#side);
    this.#dialog.showModal();
  }

  // Internal

  #makeDialog() {
    const dialog = document.createElement("dialog");
    dialog.className = "drawer";
    dialog.setAttribute("aria-label", this.#side.getAttribute("aria-label"));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => this.prepend(this.#side));
    this.append(dialog);
    return dialog;
  }

  #close = () => this.#dialog?.close();

  get #side() {
    return this.querySelector(".side");
  }
}
