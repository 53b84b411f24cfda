// The page of one conversation: brings composer, thread, sidebar and server together.

import { Drafts } from "../chat/drafts.js";
import { keyMeans } from "../chat/keys.js";
import { isPassing } from "../chat/outbox.js";
import { send } from "../chat/sending.js";
import { request } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { onActions, part } from "../lib/parts.js";
import { prepareMarkdown } from "./markdown-text.js";

export class ChatPage extends HTMLElement {
  #drafts = null;
  #draft = null;
  /** Whether this chat is still to be made, or has only just been. */
  #isFresh = false;
  #isSending = false;
  #wantsStop = false;

  // Lifecycle

  connectedCallback() {
    this.#drafts = new Drafts(this.dataset.person);
    this.addEventListener("composer-send", ({ detail }) => this.#send(detail.text));
    this.addEventListener("composer-stop", () => this.#stop());
    this.addEventListener("composer-typing", prepareMarkdown, { once: true });
    this.addEventListener("composer-model", ({ detail }) => this.#changeModel(detail.model));
    this.addEventListener("thread-place", ({ detail }) => this.#notices.place(detail));
    this.addEventListener("answer-connection", ({ detail }) => this.#notices.connection(detail.state));
    this.addEventListener("thread-asked", ({ detail }) => this.#answering(detail.isLast));
    this.addEventListener("thread-turned", ({ detail }) => this.#refresh(detail.words));
    this.addEventListener("thread-failed", ({ detail }) => this.#failed(detail));
    this.addEventListener("answer-ended", ({ detail }) => this.#ended(detail.words));
    this.addEventListener("conversation-renamed", ({ detail }) => this.#activity.showTitles([detail]));
    this.addEventListener("conversation-deleted", () => [this.#drafts.forget(this.#id), location.assign("/")]);
    document.addEventListener("keydown", this.#key);
    onActions(this, { "open-drawer": () => document.querySelector("side-drawer").open(), jump: () => this.querySelector("thread-scroller").toEnd() });
    part(this, "welcome")?.addEventListener("click", ({ target }) => this.#composer.take(target.closest("[data-idea]")));
    this.#prepare();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#key);
  }

  // Actions

  async #send(text) {
    if (this.#isBusy) return this.#notices.complain(t("The answer is still coming. Wait for it, or stop it first."));
    const wish = this.#wish(text);
    const placed = this.#thread.add(text, this.#composer.modelName);
    this.#composer.empty();
    if (this.#queue.isWaiting) return this.#wait(wish, placed);
    this.#isSending = true;
    this.#answering();
    try {
      await this.#draft.rest();
      const sent = await send(wish, (fresh) => this.#found(fresh));
      placed.question.dataset.message = sent.question.id;
      placed.answer.adopt(sent.answer);
      this.#sent();
    } catch (failure) {
      if (isPassing(failure)) this.#wait({ ...wish, conversation: this.#id }, placed);
      else this.#takeBack(placed, text, failure);
    }
    this.#isSending = false;
    this.#refresh();
    this.#composer.save();
    if (this.#wantsStop) this.#stop();
  }

  #wish(text) {
    const { model } = this.#composer;
    const ids = this.#drafts.attempt(this.#id, text, model);
    return { conversation: this.#id, text, model, ids, draft: this.#isFresh ? "new" : undefined };
  }

  #sent() {
    this.#draft.sent();
    if (this.#isFresh) this.#activity.learnTitle();
    this.#isFresh = false;
  }

  #wait(wish, placed) {
    this.#queue.wait(wish, placed);
    this.#drafts.write(this.#id, "", wish.model);
    this.#wantsStop = false;
    this.#refresh(t("Waiting for the connection. It will be sent by itself."));
  }

  async #stop() {
    this.#wantsStop = this.#isSending;
    if (this.#isSending) return;
    await Promise.all(this.#thread.live.map((answer) => answer.stop())).catch((failure) => this.#failed(failure));
  }

  async #changeModel(model) {
    this.#composer.save();
    if (this.#id) await request("PATCH", `/api/v1/conversations/${this.#id}`, { model }).catch((failure) => this.#failed(failure));
  }

  // Internal

  async #prepare() {
    this.#isFresh = !this.#id;
    this.#thread.page = { isBusy: () => this.#isBusy, model: () => this.#composer, nameOf: this.#nameOf };
    this.querySelector("conversation-menu").conversation = () => ({ id: this.#id, title: this.querySelector("conversation-title").text });
    this.#draft = this.querySelector("draft-offer").begin(this.#drafts, this.#id, this.#composer);
    this.#composer.begin(this.#id, this.#drafts.read(this.#id), () => this.#isSending || this.#draft.write());
    this.#activity.begin({ id: () => this.#id, live: () => this.#thread.live.map(({ dataset }) => dataset.message), drafts: this.#drafts });
    this.#refresh();
    await this.#queue.begin(this.dataset.person, this.#id, this.#thread, {
      found: (fresh) => this.#found(fresh),
      sent: () => [this.#sent(), this.#answering()],
      takenBack: (placed, text, failure) => this.#takeBack(placed, text, failure),
      kept: ({ conversation, text, model }) => this.#drafts.add(conversation, text, model),
      stuck: (failure) => failure.isSignedOut && this.#failed(failure),
      nameOf: this.#nameOf,
    });
    this.#draft.compare();
  }

  #nameOf = (model) => this.#composer.nameOf(model);

  #key = (event) => {
    const name = keyMeans(event);
    if (!name || document.querySelector("dialog[open], :popover-open")) return;
    if (name === "stop") return this.#isBusy && this.#stop();
    event.preventDefault();
    location.assign(name === "new" ? "/" : "/help");
  };

  #answering(isLast = true) {
    this.#notices.complain("");
    if (isLast) this.querySelector("thread-scroller").toEnd();
    this.#refresh(t("Answering"));
  }

  #failed(failure) {
    this.#notices.complain(failure.message, failure);
    this.#refresh();
  }

  #takeBack(placed, text, failure = { message: "" }) {
    this.#thread.takeBack(placed);
    this.#wantsStop = false;
    this.#composer.giveBack(text);
    this.#failed(failure);
  }

  /** The conversation has come to be. */
  #found({ id, title }) {
    this.#draft.move(id);
    this.dataset.conversation = id;
    history.replaceState(null, "", `/c/${id}`);
    this.querySelector("conversation-menu").hidden = false;
    document.querySelector("conversation-list").add({ id, title });
  }

  #ended(words) {
    this.#refresh(words);
    this.#activity.ended(this.#thread.answers.length === 1 ? this.#thread.began : null);
  }

  #refresh(words = null) {
    this.#composer.isBusy = this.#isBusy;
    if (words !== null) this.#notices.say(words);
  }

  get #id() {
    return this.dataset.conversation;
  }

  get #isBusy() {
    return this.#isSending || this.#thread.live.length > 0;
  }

  get #composer() {
    return this.querySelector("message-composer");
  }

  get #thread() {
    return this.querySelector("message-thread");
  }

  get #queue() {
    return this.querySelector("message-queue");
  }

  get #notices() {
    return this.querySelector("chat-notices");
  }

  get #activity() {
    return this.querySelector("chat-activity");
  }
}
