// A table in a box that scrolls by itself, with keys too; it can be copied, and saved for a spreadsheet.

import { download } from "../lib/download.js";
import { t } from "../lib/i18n.js";
import { onActions } from "../lib/parts.js";
import { pasted } from "../markdown/pasted.js";
import { cellsOf, toCsv, toTabs } from "../markdown/table-data.js";

export class TableBox extends HTMLElement {
  // Lifecycle

  connectedCallback() {
    if (this.querySelector(".table-tools")) return;
    this.tabIndex = 0;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", t("Table"));
    this.append(document.importNode(document.getElementById("table-template").content, true));
    onActions(this, { save: () => download(`${t("Table").toLowerCase()}.csv`, toCsv(cellsOf(this.#table)), "text/csv") });
  }

  // Actions

  get source() {
    return toTabs(cellsOf(this.#table));
  }

  get html() {
    return pasted(this.#table);
  }

  // Internal

  get #table() {
    return this.querySelector("table");
  }
}
