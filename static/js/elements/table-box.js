// A table in a box that scrolls by itself, with keys too.

import { t } from "../lib/i18n.js";

export class TableBox extends HTMLElement {
  // Lifecycle

  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", t("Table"));
  }
}
