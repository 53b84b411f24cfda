// The arrows between the versions of an answer: "2 / 3". Says which one was chosen, and turns nothing itself.

import { onActions, part, tell } from "../lib/parts.js";

export class AnswerVersions extends HTMLElement {
  #ids = [];
  #place = 0;

  // Lifecycle

  connectedCallback() {
    if (!this.#ids.length) onActions(this, { earlier: () => this.#turn(-1), later: () => this.#turn(1) });
    const answer = this.closest("answer-message");
    this.show(answer.dataset.versions.split(" "), answer.dataset.message);
  }

  // Actions

  show(ids, own) {
    this.#ids = ids;
    this.#place = ids.indexOf(own);
    this.hidden = ids.length < 2;
    part(this, "place").textContent = `${this.#place + 1} / ${ids.length}`;
    for (const [name, step] of [["earlier", -1], ["later", 1]]) this.#button(name).setAttribute("aria-disabled", !this.#ids[this.#place + step]);
  }

  focusOn(name) {
    this.#button(name).focus({ preventScroll: true });
  }

  // Internal

  #turn(step) {
    const id = this.#ids[this.#place + step];
    if (id) tell(this, "answer-choose", { id, arrow: step < 0 ? "earlier" : "later", place: this.#place + step + 1, count: this.#ids.length });
  }

  #button(name) {
    return this.querySelector(`[data-action="${name}"]`);
  }
}
