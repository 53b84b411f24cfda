// What was typed and not yet sent, per conversation and person, with the ids of its first attempt to be sent:
// the same text sent again after a lost answer is the same message, never a second one.

import { clientId } from "../lib/ids.js";
import { keep, recall } from "../lib/store.js";

export class Drafts {
  #person;

  constructor(person) {
    this.#person = person;
  }

  text(conversation) {
    return this.#read(conversation)?.text ?? "";
  }

  write(conversation, text) {
    if (text === this.text(conversation)) return;
    keep(this.#key(conversation), text ? { text } : null);
  }

  /** @returns {{conversation: string, message: string}} client ids that stay the same while text and model do */
  attempt(conversation, text, model) {
    const draft = this.#read(conversation);
    if (draft?.ids && draft.text === text && draft.model === model) return draft.ids;
    const ids = { conversation: clientId(), message: clientId() };
    keep(this.#key(conversation), { text, model, ids });
    return ids;
  }

  /** The conversation that was still to be made has an id now. */
  move(from, to) {
    keep(this.#key(to), this.#read(from));
    this.forget(from);
  }

  forget(conversation) {
    keep(this.#key(conversation), null);
  }

  #read(conversation) {
    const draft = recall(this.#key(conversation));
    return typeof draft?.text === "string" ? draft : null;
  }

  #key(conversation) {
    return `celadon.draft.${this.#person}.${conversation || "new"}`;
  }
}
