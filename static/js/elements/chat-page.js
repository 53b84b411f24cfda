// The page of one conversation: brings composer, thread, sidebar and server together.

import { awaitTitles } from "../chat/activity.js";
import { Drafts } from "../chat/drafts.js";
import { send } from "../chat/sending.js";
import { request } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { onActions, part } from "../lib/parts.js";
import { prepareMarkdown } from "./markdown-text.js";

export class ChatPage extends HTMLElement {
  #drafts = null;
  #isSending = false;
  #wantsStop = false;

  // Lifecycle

  connectedCallback() {
    this.#drafts = new Drafts(this.dataset.person);
    this.addEventListener("composer-send", ({ detail }) => this.#send(detail.text));
    this.addEventListener("composer-stop", () => this.#stop());
    this.addEventListener("composer-typing", prepareMarkdown, { once: true });
    this.addEventListener("composer-model", ({ detail }) => this.#changeModel(detail.model));
    this.addEventListener("thread-place", ({ detail }) => this.#showJump(detail));
    this.addEventListener("answer-connection", ({ detail }) => this.#showConnection(detail.state));
    this.addEventListener("thread-asked", ({ detail }) => this.#answering(detail.isLast));
    this.addEventListener("thread-turned", ({ detail }) => this.#refresh(detail.words));
    this.addEventListener("thread-failed", ({ detail }) => this.#failed(detail));
    this.addEventListener("answer-ended", ({ detail }) => this.#ended(detail.words));
    this.addEventListener("conversation-renamed", ({ detail }) => this.#showTitles([detail]));
    this.addEventListener("conversation-deleted", () => this.#leave());
    document.addEventListener("keydown", this.#key);
    onActions(this, { "open-drawer": () => document.querySelector("side-drawer").open(), jump: () => this.querySelector("thread-scroller").toEnd() });
    part(this, "welcome")?.addEventListener("click", ({ target }) => this.#takeIdea(target.closest("[data-idea]")));
    this.#prepare();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#key);
  }

  // Actions

  async #send(text) {
    if (this.#isBusy) return this.#complain(t("The answer is still coming. Wait for it, or stop it first."));
    const { model, modelName } = this.#composer;
    const ids = this.#drafts.attempt(this.#id, text, model);
    const placed = this.#thread.add(text, modelName);
    const isFirst = !this.#id;
    this.#isSending = true;
    this.#composer.empty();
    this.#answering();
    try {
      const sent = await send({ conversation: this.#id, text, model, ids }, (fresh) => this.#found(fresh));
      this.#drafts.forget(this.#id);
      placed.question.dataset.message = sent.question.id;
      placed.answer.adopt(sent.answer);
      if (isFirst) this.#learnTitle();
    } catch (failure) {
      this.#takeBack(placed, text, failure);
    }
    this.#isSending = false;
    this.#refresh();
    if (this.#wantsStop) this.#stop();
  }

  async #stop() {
    this.#wantsStop = this.#isSending;
    if (this.#isSending) return;
    await Promise.all(this.#thread.live.map((answer) => answer.stop())).catch((failure) => this.#complain(failure.message, failure));
  }

  async #changeModel(model) {
    if (!this.#id) return;
    await request("PATCH", `/api/v1/conversations/${this.#id}`, { model }).catch((failure) => this.#complain(failure.message, failure));
  }

  #leave() {
    this.#drafts.forget(this.#id);
    location.assign("/");
  }

  // Internal

  #prepare() {
    this.#thread.page = { isBusy: () => this.#isBusy, model: () => this.#composer, nameOf: (model) => this.#composer.nameOf(model) };
    this.#composer.remember = (text) => !this.#isSending && this.#drafts.write(this.#id, text);
    this.querySelector("conversation-menu").conversation = () => ({ id: this.#id, title: this.#title.text });
    this.#title.underWay = () => ({ ids: this.#thread.live.map((answer) => answer.dataset.message), since: this.#thread.began });
    if (!this.#id) this.#composer.chooseLast();
    this.#composer.restore(this.#drafts.text(this.#id) || this.#composer.text);
    if (matchMedia("(pointer: fine)").matches) this.#composer.focus();
    this.#refresh();
  }

  #key = (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !this.#isBusy) return;
    if (!document.querySelector("dialog[open], :popover-open")) this.#stop();
  };

  #answering(isLast = true) {
    this.#complain("");
    if (isLast) this.querySelector("thread-scroller").toEnd();
    this.#refresh(t("Answering"));
  }

  #failed(failure) {
    this.#complain(failure.message, failure);
    this.#refresh();
  }

  #takeBack(placed, text, failure) {
    this.#thread.takeBack(placed);
    this.#wantsStop = false;
    this.#composer.giveBack(text);
    this.#complain(failure.message, failure);
  }

  /** Until a better one is found, a conversation is called by its first question. */
  async #learnTitle() {
    await request("GET", `/api/v1/conversations/${this.#id}`).then((conversation) => this.#showTitles([conversation]), () => {});
  }

  /** The conversation has come to be. */
  #found({ id, title }) {
    this.#drafts.move("", id);
    this.dataset.conversation = id;
    history.replaceState(null, "", `/c/${id}`);
    this.querySelector("conversation-menu").hidden = false;
    this.#list.add({ id, title });
  }

  #ended(words) {
    this.#refresh(words);
    this.#title.mark();
    if (this.#thread.answers.length === 1) awaitTitles(this.#thread.began, (titles) => this.#showTitles(titles));
  }

  #showTitles(titles) {
    for (const { id, title } of titles) {
      this.#list.rename(id, title);
      if (id === this.#id) this.#title.text = title;
    }
  }

  #showJump({ isAtEnd, hasGrown }) {
    const jump = this.querySelector('[data-action="jump"]');
    jump.hidden = isAtEnd;
    jump.toggleAttribute("data-new", !isAtEnd && (hasGrown || jump.hasAttribute("data-new")));
  }

  #showConnection(state) {
    part(this, "strip").hidden = state !== "reconnecting";
    if (state === "signed_out") this.#complain(t("You are signed out. The answer goes on; sign in to see it."), { isSignedOut: true });
    if (state === "gone") this.#complain(t("This answer is not here any more."));
  }

  #complain(sentence, failure = null) {
    part(this, "problem-text").textContent = sentence;
    part(this, "sign-in").hidden = !failure?.isSignedOut;
    part(this, "problem").hidden = !sentence;
  }

  #refresh(words = null) {
    this.#composer.isBusy = this.#isBusy;
    if (words !== null) part(this, "live").textContent = words;
  }

  #takeIdea(idea) {
    if (idea) this.#composer.fill(`${idea.dataset.idea}\n\n`);
  }

  get #id() {
    return this.dataset.conversation;
  }

  get #isBusy() {
    return this.#isSending || this.#thread.live.length > 0;
  }

  get #title() {
    return this.querySelector("conversation-title");
  }

  get #composer() {
    return this.querySelector("message-composer");
  }

  get #thread() {
    return this.querySelector("message-thread");
  }

  get #list() {
    return document.querySelector("conversation-list");
  }
}
