// The chats in the sidebar, kept true to what happens on the page.

import { t } from "../lib/i18n.js";
import { part } from "../lib/parts.js";

export class ConversationList extends HTMLElement {
  // Actions

  /** A new chat, on top and marked as the one that is open. */
  add({ id, title }) {
    if (this.#link(id)) return this.#link(id).setAttribute("aria-current", "page");
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `/c/${id}`;
    link.dir = "auto";
    link.dataset.conversation = id;
    link.setAttribute("aria-current", "page");
    link.textContent = title || t("New chat");
    item.append(link);
    part(this, "none-yet")?.remove();
    this.#today.prepend(item);
  }

  rename(id, title) {
    const link = this.#link(id);
    if (link) link.textContent = title || t("New chat");
  }

  remove(id) {
    this.#link(id)?.closest("li").remove();
  }

  // Internal

  get #today() {
    const first = this.querySelector("section");
    if (first?.querySelector("h2").textContent === t("Today")) return first.querySelector("ul");
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    const list = document.createElement("ul");
    heading.textContent = t("Today");
    list.className = "plain";
    section.append(heading, list);
    this.prepend(section);
    return list;
  }

  #link(id) {
    return this.querySelector(`[data-conversation="${CSS.escape(id)}"]`);
  }
}
