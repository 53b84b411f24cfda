// A block of code: the name of its language, a button to copy, a box that scrolls by itself.

import { t } from "../lib/i18n.js";
import { languageName } from "../markdown/languages.js";

export class CodeBlock extends HTMLElement {
  // Lifecycle

  connectedCallback() {
    if (this.querySelector(".code-head")) return;
    const head = document.importNode(document.getElementById("code-template").content, true);
    const name = languageName(this.getAttribute("language") ?? "");
    head.querySelector("[data-part=language]").textContent = name || t("Code");
    this.prepend(head);
    const box = this.querySelector("pre");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", name ? t("%(language)s code", { language: name }) : t("Code"));
  }

  // Actions

  get source() {
    return this.querySelector("code").textContent;
  }
}
