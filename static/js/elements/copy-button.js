// Copies what it belongs to: the code of its block, its table, or its answer as it was written and as it is shown.

import { copy } from "../lib/clipboard.js";
import { t } from "../lib/i18n.js";

const SHOWN_FOR = 2000;

export class CopyButton extends HTMLElement {
  #timer = 0;
  #before = null;

  // Lifecycle

  connectedCallback() {
    this.addEventListener("click", this.#copy);
    // Some browsers let a page copy only right after the click: what is not here is asked for before it.
    this.addEventListener("pointerenter", this.#read);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#copy);
    this.removeEventListener("pointerenter", this.#read);
    clearTimeout(this.#timer);
  }

  // Internal

  #copy = async () => {
    const text = await this.#read();
    const isCopied = text !== null && (await copy({ text, html: this.#owner.html }));
    this.#show(isCopied ? t("Copied") : t("Please select and copy by hand"), isCopied ? "check" : "x");
  };

  #read = async () => {
    const owner = this.#owner;
    return owner.readSource ? owner.readSource().catch(() => null) : owner.source;
  };

  get #owner() {
    return this.closest("code-block, table-box, answer-message");
  }

  #show(words, icon) {
    this.#before ??= { label: this.#button.getAttribute("aria-label"), text: this.#caption?.textContent };
    this.#dress(words, words, icon);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#dress(this.#before.label, this.#before.text, "copy"), SHOWN_FOR);
  }

  #dress(label, text, icon) {
    if (this.#caption) this.#caption.textContent = text;
    else this.#button.setAttribute("aria-label", label);
    const use = this.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  }

  get #button() {
    return this.querySelector("button");
  }

  get #caption() {
    return this.#button.querySelector("span");
  }
}
