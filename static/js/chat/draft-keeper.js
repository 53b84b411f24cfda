// Keeps one draft in this browser at once and on the server a moment later, one request at a time. No clock is compared:
// the server marks each version, a browser says which one it goes on from, and where both have a text, both are kept.

import { request } from "../lib/api.js";

const PATIENCE = 1000;

export class DraftKeeper {
  #drafts;
  #conversation;
  #box;
  #ask;
  #text;
  #model;
  #seen;
  #isKept;
  #left = null;
  #other = null;
  #isPutting = false;
  #isResting = false;
  #done = Promise.resolve();

  /**
   * @param {import("./drafts.js").Drafts} drafts
   * @param {string} conversation  its id, or "" while it is still to be made
   * @param {{read: () => {text: string, model: string}, take: Function, offer: Function}} box  `take(draft)` writes what
   *   another device wrote, `offer(draft | null)` shows that there is another text beside this one
   */
  constructor(drafts, conversation, box, ask = request) {
    this.#drafts = drafts;
    this.#conversation = conversation;
    this.#box = box;
    this.#ask = ask;
    const { text = "", model, seen = null, isKept = !text } = drafts.read(conversation) ?? {};
    [this.#text, this.#model, this.#seen, this.#isKept] = [text, model, seen, isKept];
  }

  // Actions

  /** Keeps what stands in the box now. */
  write() {
    this.#isResting = false;
    this.#read();
    return this.#put();
  }

  /** Looks what other devices did meanwhile. */
  async compare() {
    const there = await this.#ask("GET", this.#address).catch(() => null);
    if (!there || this.#isPutting) return;
    this.#read();
    return this.#settle(there);
  }

  /** Lets what is under way arrive, so that it doesn't meet the message that is sent; nothing more until the next `write`. */
  rest(patience = PATIENCE) {
    this.#isResting = true;
    return Promise.race([this.#done, new Promise((done) => setTimeout(done, patience))]);
  }

  /** It was sent, and the server has thrown it away with that. */
  sent() {
    this.#drafts.forget(this.#conversation);
    this.#text = "";
    this.#isKept = !this.#isPutting;
    this.#seen = this.#left = null;
    if (this.#other) this.insert();
  }

  /** The conversation has come to be. */
  move(conversation) {
    this.#left = this.#seen;
    this.#drafts.move(this.#conversation, conversation);
    this.#conversation = conversation;
    this.#seen = null;
    this.#isKept = false;
  }

  /** The other text is wanted too. */
  insert() {
    const { text } = this.#box.read();
    const other = this.#other.text;
    this.#box.take({ text: text ? `${text}\n\n${other}` : other });
    return this.dismiss();
  }

  /** The other text is no longer wanted beside this one. */
  dismiss() {
    this.#other = null;
    this.#box.offer(null);
    this.#isKept = false;
    return this.write();
  }

  // Internal

  #read() {
    const { text, model } = this.#box.read();
    if (text === this.#text && (!text || model === this.#model)) return;
    [this.#text, this.#model, this.#isKept] = [text, model, false];
    this.#drafts.write(this.#conversation, text, model);
  }

  #settle(there) {
    const isNews = there.updated_at !== this.#seen;
    this.#seen = there.updated_at;
    if (there.text === this.#text) return this.#note();
    if (isNews && (this.#isKept || !this.#text)) return this.#take(there);
    if (isNews && there.text) return this.#offer(there);
    this.#isKept = false;
    return this.#put();
  }

  #take(there) {
    this.#box.take(there);
    const { text, model } = this.#box.read();
    [this.#text, this.#model] = [text, model];
    this.#note();
  }

  /** Until the person has decided, neither text overwrites the other. */
  #offer(there) {
    this.#other = there;
    this.#box.offer(there);
  }

  #note() {
    this.#isKept = true;
    this.#drafts.note(this.#conversation, { text: this.#text, model: this.#model, seen: this.#seen });
  }

  #put() {
    if (!this.#isPutting && !this.#isResting && !this.#other) this.#done = this.#putAll();
    return this.#done;
  }

  async #putAll() {
    this.#isPutting = true;
    let failure = null;
    while (!this.#isKept && !this.#isResting && !failure) failure = await this.#putOnce().then(() => null, (reason) => reason);
    this.#isPutting = false;
    return failure?.code === "draft_changed" ? this.compare() : this.#clean(failure);
  }

  async #putOnce() {
    const [conversation, text, model] = [this.#conversation, this.#text, this.#model];
    const kept = await this.#ask("PUT", this.#address, { text, model, replaces: this.#seen }, true);
    if (conversation !== this.#conversation) return void (this.#left = kept.updated_at);
    this.#seen = kept.updated_at;
    if (text === this.#text && model === this.#model) this.#note();
  }

  /** What stood in the chat that was still to be made stands in this one now. */
  async #clean(failure) {
    if (failure || !this.#left) return;
    const replaces = this.#left;
    this.#left = null;
    await this.#ask("PUT", "/api/v1/drafts/new", { text: "", replaces }).catch(() => {});
  }

  get #address() {
    return `/api/v1/drafts/${this.#conversation || "new"}`;
  }
}
