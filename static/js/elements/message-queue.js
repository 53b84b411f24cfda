// Questions that wait for the connection: each says so, goes out by itself, and can be taken back.

import { Outbox } from "../chat/outbox.js";
import { backOff } from "../lib/back-off.js";

export class MessageQueue extends HTMLElement {
  #outbox = null;
  #thread = null;
  #page = null;
  #placed = new Map();
  #timer = 0;
  #attempt = 0;

  // Lifecycle

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#look);
    addEventListener("online", this.#look);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#look);
    removeEventListener("online", this.#look);
    clearTimeout(this.#timer);
  }

  // Actions

  /**
   * Shows what waits in this chat, and sends whatever waits anywhere.
   * @param {{found: Function, sent: Function, takenBack: Function, kept: Function, stuck: Function, nameOf: Function}} page
   */
  begin(person, conversation, thread, page) {
    this.#outbox = new Outbox(person);
    this.#thread = thread;
    this.#page = page;
    for (const wish of this.#outbox.of(conversation)) this.#show(wish, thread.add(wish.text, ""));
    return this.#deliver();
  }

  /** Whether something waits here; what is sent now has to wait behind it. */
  get isWaiting() {
    return this.#placed.size > 0;
  }

  wait(wish, placed) {
    this.#outbox.add(wish);
    this.#show(wish, placed);
    this.#again();
  }

  // Internal

  #show(wish, placed) {
    this.#placed.set(wish.ids.message, placed);
    this.#thread.hold(placed, () => this.#takeBack(wish));
  }

  #takeBack(wish) {
    this.#outbox.takeBack(wish);
    this.#page.takenBack(this.#leave(wish), wish.text);
  }

  #leave({ ids }) {
    const placed = this.#placed.get(ids.message);
    this.#placed.delete(ids.message);
    return placed;
  }

  #look = () => {
    if (!document.hidden && this.#outbox) this.#deliver();
  };

  async #deliver() {
    clearTimeout(this.#timer);
    const isDone = await this.#outbox.deliver({ found: this.#found, sent: this.#sent, refused: this.#refused, stuck: (failure) => this.#page.stuck(failure) });
    if (isDone) this.#attempt = 0;
    else this.#again();
  }

  #again() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#deliver(), backOff(this.#attempt++));
  }

  #found = (wish, fresh) => {
    if (this.#placed.has(wish.ids.message)) this.#page.found(fresh);
  };

  #sent = (wish, { question, answer }) => {
    const placed = this.#leave(wish);
    if (!placed) return;
    // Another tab, or this page before it was loaded anew, had sent it already.
    if (this.#thread.has(question.id)) this.#thread.takeBack(placed);
    else this.#thread.release(placed, { question, answer }, this.#page.nameOf(answer.model));
    this.#page.sent();
  };

  #refused = (wish, failure) => {
    const placed = this.#leave(wish);
    if (placed) this.#page.takenBack(placed, wish.text, failure);
    else this.#page.kept(wish);
  };
}
