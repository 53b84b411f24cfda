// Follows one answer until its end, whatever the connection does. Knows no element; the world is handed in.

import { request } from "../lib/api.js";
import { backOff } from "../lib/back-off.js";
import { watchPage } from "../lib/page-life.js";
import { documentOf, emptyDocument, step } from "./answer-document.js";

const SILENCE = 40_000;
const EVENTS = ["snapshot", "delta", "notice", "end"];
const CLOSED = 2;

const browser = {
  open: (address) => new EventSource(address),
  ask: (id) => request("GET", `/api/v1/messages/${id}`),
  watchPage,
  later: (act, milliseconds) => setTimeout(act, milliseconds),
  cancel: (timer) => clearTimeout(timer),
  random: Math.random,
};

export class AnswerStream {
  #id;
  #told;
  #world;
  #document = emptyDocument();
  #source = null;
  #lastId = "";
  #attempt = 0;
  #timer = 0;
  #round = 0;
  #isFollowing = false;
  #unwatch = null;

  /**
   * @param {string} id  of the answer
   * @param {{changed: Function, connection: Function}} told  `changed(document)` after each event,
   *   `connection("live" | "reconnecting" | "signed_out" | "gone")` when it changes
   */
  constructor(id, told, world = browser) {
    this.#id = id;
    this.#told = told;
    this.#world = world;
  }

  // Actions

  follow() {
    this.#isFollowing = true;
    this.#connect();
    this.#unwatch = this.#world.watchPage({ away: () => this.#rest(), back: () => this.#connect() });
  }

  close() {
    this.#isFollowing = false;
    this.#rest();
    this.#unwatch?.();
    this.#unwatch = null;
  }

  // Internal

  #connect() {
    if (!this.#isFollowing) return;
    this.#rest();
    const after = this.#lastId ? `?after=${encodeURIComponent(this.#lastId)}` : "";
    const source = this.#world.open(`/api/v1/messages/${this.#id}/events${after}`);
    for (const name of EVENTS) source.addEventListener(name, (event) => this.#hear(source, name, event));
    source.addEventListener("open", () => source === this.#source && this.#told.connection("live"));
    source.addEventListener("error", () => this.#stumble(source));
    this.#source = source;
    this.#listenForSilence();
  }

  #hear(source, name, event) {
    if (source !== this.#source) return;
    const next = step(this.#document, name, JSON.parse(event.data));
    if (!next) return this.#startOver();
    this.#lastId = event.lastEventId;
    this.#attempt = 0;
    this.#told.connection("live");
    this.#listenForSilence();
    this.#take(next);
  }

  #take(document) {
    this.#document = document;
    if (document.isEnded) this.close();
    this.#told.changed(document);
  }

  /** The browser reconnects by itself after a broken line, but gives up for ever on any status but 200. */
  #stumble(source) {
    if (source !== this.#source) return;
    this.#told.connection("reconnecting");
    if (source.readyState === CLOSED) this.#inquire();
  }

  #startOver() {
    this.#lastId = "";
    this.#connect();
  }

  async #inquire() {
    this.#rest();
    const round = this.#round;
    const { document, failure } = await this.#world.ask(this.#id).then(
      (message) => ({ document: documentOf(message) }),
      (failure) => ({ failure }),
    );
    if (round !== this.#round) return;
    if (failure) return this.#despairOrRetry(failure);
    this.#told.connection("live");
    if (document.isEnded) this.#take(document);
    else this.#retry();
  }

  #despairOrRetry({ status }) {
    const word = { 401: "signed_out", 404: "gone" }[status];
    this.#told.connection(word ?? "reconnecting");
    if (word) this.close();
    else this.#retry();
  }

  #retry() {
    this.#timer = this.#world.later(() => this.#connect(), backOff(this.#attempt++, this.#world.random));
  }

  #listenForSilence() {
    this.#world.cancel(this.#timer);
    this.#timer = this.#world.later(() => this.#inquire(), SILENCE);
  }

  /** Lets everything go that is under way; an inquiry that comes back later is too late. */
  #rest() {
    this.#round++;
    this.#world.cancel(this.#timer);
    this.#source?.close();
    this.#source = null;
  }
}
