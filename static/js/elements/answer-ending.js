// The note under an answer that didn't simply end well: a sentence, and the button for the way on.

import { ending, retryWords, wayOn } from "../chat/ending.js";
import { part } from "../lib/parts.js";

export class AnswerEnding extends HTMLElement {
  #timer = 0;
  #until = 0;

  // Lifecycle

  connectedCallback() {
    const { retryAfter, finished } = this.dataset;
    if (Number(retryAfter)) this.#countDown(retryAfter * 1000 - Math.max(0, Date.now() - Date.parse(finished)));
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  // Actions

  /** @returns {string} what it says, if anything */
  show(document, hasText) {
    const last = ending(document);
    this.hidden = !last;
    this.dataset.kind = last?.kind ?? "";
    part(this, "note").textContent = last?.text ?? "";
    this.#offer(last ? wayOn(document, hasText) : "");
    this.#countDown((document.error?.retry_after ?? 0) * 1000);
    return last?.text ?? "";
  }

  /** The answer goes on. */
  clear() {
    this.hidden = true;
    clearInterval(this.#timer);
  }

  // Internal

  #offer(way) {
    part(this, "continue").hidden = way !== "continue";
    part(this, "retry").hidden = way !== "again";
  }

  #countDown(milliseconds) {
    clearInterval(this.#timer);
    this.#until = Date.now() + milliseconds;
    if (milliseconds > 0) this.#timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  /** Only a label: nothing is sent by itself, and whoever is in a hurry may press it before. */
  #tick() {
    const seconds = (this.#until - Date.now()) / 1000;
    part(this, "retry").textContent = retryWords(seconds);
    if (seconds <= 0) clearInterval(this.#timer);
  }
}
