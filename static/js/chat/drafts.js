// What was typed and not yet sent, per conversation and person, with the ids of its first attempt to be sent:
// the same text sent again after a lost answer is the same message, never a second one.

import { clientId } from "../lib/ids.js";
import { keep, keysOf, recall } from "../lib/store.js";

/** @typedef {{text: string, model?: string, ids?: object, isKept?: boolean, seen?: string | null}} Draft
 *  `isKept`: the server has it; `seen`: the server's mark of the draft that this one goes on from. */

export class Drafts {
  #prefix;

  constructor(person) {
    this.#prefix = `celadon.draft.${person}.`;
  }

  text(conversation) {
    return this.read(conversation)?.text ?? "";
  }

  /** @returns {Draft | null} */
  read(conversation) {
    const draft = recall(this.#key(conversation));
    return typeof draft?.text === "string" ? draft : null;
  }

  /** @returns {boolean} whether that is news */
  write(conversation, text, model) {
    const before = this.read(conversation);
    if (text === (before?.text ?? "") && (!text || model === undefined || !before?.model || model === before.model)) return false;
    this.#put(conversation, { text, model, seen: before?.seen ?? null, isKept: false });
    return true;
  }

  /** A text that could not be sent, behind what is there. */
  add(conversation, text, model) {
    this.write(conversation, [this.text(conversation), text].filter(Boolean).join("\n\n"), model);
  }

  /** The server has this text, under this mark. */
  note(conversation, { text, model, seen }) {
    const before = this.read(conversation);
    this.#put(conversation, { text, model, ids: before?.text === text ? before.ids : undefined, seen, isKept: true });
  }

  /** @returns {{conversation: string, message: string}} client ids that stay the same while text and model do */
  attempt(conversation, text, model) {
    const draft = this.read(conversation);
    if (draft?.ids && draft.text === text && draft.model === model) return draft.ids;
    const ids = { conversation: clientId(), message: clientId() };
    this.#put(conversation, { text, model, ids, seen: draft?.seen ?? null, isKept: false });
    return ids;
  }

  /** The conversation that was still to be made has an id now. */
  move(from, to) {
    const draft = this.read(from);
    this.forget(from);
    if (draft) this.#put(to, { ...draft, seen: null, isKept: false });
  }

  forget(conversation) {
    keep(this.#key(conversation), null);
  }

  /** Where there is text: ids of conversations, "new" for the one that is still to be made. */
  get places() {
    return this.all.filter((place) => this.text(place));
  }

  /** Also where a draft was emptied and the server doesn't know yet. */
  get all() {
    return keysOf(this.#prefix).map((key) => key.slice(this.#prefix.length));
  }

  #put(conversation, draft) {
    keep(this.#key(conversation), draft.text || (draft.seen && !draft.isKept) ? draft : null);
  }

  #key(conversation) {
    return `${this.#prefix}${conversation || "new"}`;
  }
}
