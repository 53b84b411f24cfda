// What happens while nobody looks, here and in other chats: marks in the list and on the tab, and what was read.

import { awaitTitles, watchActivity } from "../chat/activity.js";
import { request } from "../lib/api.js";

export class ChatActivity extends HTMLElement {
  #page = null;

  // Lifecycle

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#look);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#look);
  }

  // Actions

  /** @param {{id: () => string, live: () => string[], drafts: {places: string[]}}} page */
  begin(page) {
    this.#page = page;
    watchActivity(this.dataset.now, (news) => this.#hear(news), () => page.live().length > 0);
    // What was typed a moment ago the server may not have known yet.
    this.#list.markDrafts([...this.#list.drafts, ...page.drafts.places]);
    this.#look();
  }

  /** An answer of this page has ended. @param {string | null} since  when only a first answer may bring a title */
  ended(since) {
    this.toggleAttribute("data-unread", true);
    this.#look();
    if (since) awaitTitles(since, (titles) => this.showTitles(titles));
  }

  /** Until a better one is found, a conversation is called by its first question. */
  async learnTitle() {
    await request("GET", `/api/v1/conversations/${this.#page.id()}`).then((conversation) => this.showTitles([conversation]), () => {});
  }

  showTitles(titles) {
    for (const { id, title } of titles) {
      this.#list.rename(id, title);
      if (id === this.#page.id()) this.#title.text = title;
    }
  }

  // Internal

  #hear({ titles, finished, unread, drafts }) {
    this.showTitles(titles);
    this.#list.markDrafts([...drafts, ...this.#page.drafts.places]);
    this.#list.markUnread(unread);
    if (document.hidden && this.#page.live().some((id) => finished.includes(id))) this.#title.mark(this.#page.id());
  }

  /** Whoever looks has read it, on all devices; else the tab says that there is something. */
  #look = () => {
    if (!this.hasAttribute("data-unread")) return;
    const id = this.#page.id();
    if (document.hidden) return this.#title.mark(id);
    this.toggleAttribute("data-unread", false);
    this.#list.markRead(id);
    request("PUT", `/api/v1/conversations/${id}/reading`).catch(() => {});
  };

  get #title() {
    return document.querySelector("conversation-title");
  }

  get #list() {
    return document.querySelector("conversation-list");
  }
}
