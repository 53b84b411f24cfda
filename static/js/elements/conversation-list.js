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
    const name = document.createElement("span");
    name.textContent = title || t("New chat");
    link.append(name, document.createElement("small"));
    item.append(link);
    part(this, "none-yet")?.remove();
    this.#today.prepend(item);
  }

  rename(id, title) {
    const link = this.#link(id);
    if (link) link.firstElementChild.textContent = title || t("New chat");
  }

  /** Where a draft is marked. */
  get drafts() {
    const places = [...this.querySelectorAll("[data-draft]")].map(({ dataset }) => dataset.conversation);
    return this.#newDraft.hidden ? places : [...places, "new"];
  }

  /** @param {string[]} places  where there is a draft: ids, and "new" for the chat that is still to be made */
  markDrafts(places) {
    this.#mark("draft", places);
    this.#newDraft.hidden = !places.includes("new");
  }

  /** @param {string[]} ids  of the chats where something came that nobody has looked at */
  markUnread(ids) {
    this.#mark("unread", ids);
  }

  markRead(id) {
    this.#label(this.#link(id), "unread", false);
  }

  remove(id) {
    this.#link(id)?.closest("li").remove();
  }

  // Internal

  #mark(what, ids) {
    for (const link of this.querySelectorAll("[data-conversation]")) this.#label(link, what, ids.includes(link.dataset.conversation));
  }

  /** The words are for all; the style makes a dot of the one. */
  #label(link, what, isOn) {
    if (!link || link.hasAttribute(`data-${what}`) === isOn) return;
    link.toggleAttribute(`data-${what}`, isOn);
    link.lastElementChild.textContent = link.hasAttribute("data-unread") ? t("New answer") : link.hasAttribute("data-draft") ? t("Draft") : "";
  }

  get #newDraft() {
    return document.querySelector('[data-part="new-draft"]');
  }

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
