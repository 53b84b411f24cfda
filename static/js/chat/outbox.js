// Messages that wait for the connection: kept in the browser, sent in order, each once whatever happens in between.

import { request } from "../lib/api.js";
import { keep, recall } from "../lib/store.js";
import { send } from "./sending.js";

/** @typedef {{conversation: string, text: string, model: string, ids: {conversation: string, message: string}, draft?: string}} Wish */

/** Whether waiting helps: nobody answered, there was no portal behind who did, or it is busy or about to start anew. */
export function isPassing({ status, code }) {
  return [0, 502, 503, 504].includes(status) && code !== "storage_full";
}

export class Outbox {
  #key;
  #ask;
  #isAtIt = false;

  constructor(person, ask = request) {
    this.#key = `celadon.outbox.${person}`;
    this.#ask = ask;
  }

  /** @returns {Wish[]} oldest first */
  get all() {
    const kept = recall(this.#key);
    return Array.isArray(kept) ? kept : [];
  }

  /** Those of one conversation; of the chat that is still to be made, when there is no id. @returns {Wish[]} */
  of(conversation) {
    const name = this.all.find((wish) => wish.conversation === "")?.ids.conversation;
    return this.all.filter((wish) => wish.conversation === conversation && (conversation || wish.ids.conversation === name));
  }

  add(wish) {
    const [first] = this.of(wish.conversation);
    if (first && !wish.conversation) wish.ids.conversation = first.ids.conversation;
    this.#keep([...this.all, wish]);
  }

  /** @returns {boolean} whether it was still waiting */
  takeBack(wish) {
    const rest = this.all.filter(({ ids }) => ids.message !== wish.ids.message);
    const isThere = rest.length < this.all.length;
    this.#keep(rest);
    return isThere;
  }

  /**
   * Sends what waits. @returns {Promise<boolean>} false when some of it must wait longer
   * @param {{found: Function, sent: Function, refused: Function, stuck: Function}} told  `found(wish, conversation)` when
   *   it was new, `sent(wish, {question, answer})`, `refused(wish, failure)`, `stuck(failure)` when it must wait
   */
  async deliver(told) {
    if (this.#isAtIt) return true;
    this.#isAtIt = true;
    let isDone = true;
    for (let wish; isDone && (wish = this.all[0]); ) isDone = await this.#deliver(wish, told);
    this.#isAtIt = false;
    return isDone;
  }

  async #deliver(wish, told) {
    try {
      const sent = await send(wish, (fresh) => this.#found(wish, fresh, told), this.#ask);
      this.takeBack(wish);
      told.sent(wish, sent);
    } catch (failure) {
      if (isPassing(failure) || failure.status === 401 || failure.status === 429) {
        told.stuck(failure);
        return false;
      }
      this.takeBack(wish);
      told.refused(wish, failure);
    }
    return true;
  }

  /** The others for the same chat go there too. */
  #found(wish, fresh, told) {
    const isSame = ({ conversation, ids }) => !conversation && ids.conversation === wish.ids.conversation;
    this.#keep(this.all.map((other) => (isSame(other) ? { ...other, conversation: fresh.id } : other)));
    told.found(wish, fresh);
  }

  #keep(wishes) {
    keep(this.#key, wishes.length ? wishes : null);
  }
}
