// Asking for an answer without a new question: another version, or the rest of one. Every call may be repeated.

import { request } from "../lib/api.js";
import { clientId } from "../lib/ids.js";

/** More messages than this below a version are not shown in place. */
const SHOWN = 100;

export class Answering {
  #ids = new Map();
  #ask;

  constructor(ask = request) {
    this.#ask = ask;
  }

  /** @returns {Promise<object>} the new version, under way */
  again(question, model) {
    return this.#begin(`/api/v1/messages/${question}/answers`, model ? { model } : {});
  }

  /** @returns {Promise<object>} the same answer, under way again */
  goOn(answer) {
    return this.#begin(`/api/v1/messages/${answer}/continuations`, {});
  }

  /** Shows the branch of a version from now on. @returns {Promise<object[] | null>} it and what is below it */
  async choose(conversation, version) {
    const address = `/api/v1/conversations/${conversation}`;
    await this.#ask("PATCH", address, { active_leaf_id: version });
    const { items } = await this.#ask("GET", `${address}/messages?limit=${SHOWN}`);
    const first = items.findIndex(({ id }) => id === version);
    return first < 0 ? null : items.slice(first);
  }

  /** Until it is known to have worked, the same wish is the same request. */
  async #begin(address, wish) {
    const key = JSON.stringify([address, wish]);
    if (!this.#ids.has(key)) this.#ids.set(key, clientId());
    const { answer } = await this.#ask("POST", address, { ...wish, client_id: this.#ids.get(key) });
    this.#ids.delete(key);
    return answer;
  }
}
