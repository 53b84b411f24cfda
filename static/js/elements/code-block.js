// A block of code: the name of its language, a button to copy, a box that scrolls by itself, and colours when it is
// whole and somebody is about to see it.

import { download } from "../lib/download.js";
import { t } from "../lib/i18n.js";
import { onActions } from "../lib/parts.js";
import { fileName, languageName } from "../markdown/languages.js";

/** How far outside of what one sees code is coloured already. */
const NEAR = "600px";

export class CodeBlock extends HTMLElement {
  #watch = null;
  #uncolour = null;

  // Lifecycle

  connectedCallback() {
    if (!this.querySelector(".code-head")) this.#dress();
    if (this.closest("[data-whole]")) this.settle();
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
    this.#watch = null;
    this.#uncolour?.();
    this.#uncolour = null;
  }

  // Actions

  get source() {
    return this.querySelector("code").textContent;
  }

  /** Nothing is added to it any more. */
  settle() {
    if (!this.#language || this.#watch) return;
    this.#watch = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#colour(), { rootMargin: NEAR });
    this.#watch.observe(this);
  }

  // Internal

  get #language() {
    return this.getAttribute("language")?.toLowerCase() ?? "";
  }

  #dress() {
    const head = document.importNode(document.getElementById("code-template").content, true);
    const name = languageName(this.getAttribute("language") ?? "");
    head.querySelector("[data-part=language]").textContent = name || t("Code");
    this.prepend(head);
    onActions(this, { save: () => download(fileName(this.#language), this.source) });
    const box = this.querySelector("pre");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", name ? t("%(language)s code", { language: name }) : t("Code"));
  }

  async #colour() {
    this.#watch.disconnect();
    // Offline there are no colours, and nothing else is missing.
    const module = await import("../markdown/colours.js").catch(() => null);
    if (module) this.#uncolour ??= await module.colour(this.querySelector("code"), this.#language);
  }
}
