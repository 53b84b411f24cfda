// Where people write: Enter sends, the draft survives a reload, the button becomes Stop while an answer comes.

import { onActions, part, tell } from "../lib/parts.js";
import { keep, recall } from "../lib/store.js";

const LAST_MODEL = "celadon.model";
const DRAFT_PAUSE = 300;
/** Safari ends a composition before its Enter arrives; this code is what tells them apart. */
const IN_COMPOSITION = 229;

export class MessageComposer extends HTMLElement {
  #timer = 0;

  // Lifecycle

  connectedCallback() {
    this.#form.addEventListener("submit", this.#submit);
    this.#area.addEventListener("keydown", this.#key);
    this.#area.addEventListener("input", this.#typed);
    this.#choice?.addEventListener("change", this.#chosen);
    addEventListener("pagehide", this.#saveDraft);
    onActions(this, { stop: () => this.#stop() });
    fit(this.#area);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.#saveDraft);
  }

  // Actions

  /** @type {(text: string) => void} told what stands here, a moment after it was typed; set by the page */
  remember = () => {};

  get text() {
    return this.#area.value;
  }

  get model() {
    return this.#choice?.value;
  }

  get modelName() {
    return this.#choice?.selectedOptions[0]?.textContent ?? "";
  }

  nameOf(model) {
    return [...(this.#choice?.options ?? [])].find((option) => option.value === model)?.textContent ?? model;
  }

  set isBusy(isBusy) {
    part(this, "send").hidden = isBusy;
    part(this, "stop").hidden = !isBusy;
  }

  /** Writes a text that is there already, without calling for attention. */
  restore(text) {
    this.#area.value = text;
    fit(this.#area);
  }

  /** Writes a text and puts the cursor behind it. */
  fill(text) {
    this.restore(text);
    this.#typed();
    this.focus();
    this.#area.setSelectionRange(text.length, text.length);
  }

  /** Puts a text back that could not be sent, before whatever was typed since. */
  giveBack(text) {
    const since = this.text.trim();
    this.fill(since && since !== text ? `${text}\n${since}` : text);
  }

  empty() {
    clearTimeout(this.#timer);
    this.restore("");
  }

  focus() {
    this.#area.focus();
  }

  /** On a new chat: the model that was used last, when it is still offered. */
  chooseLast() {
    const last = recall(LAST_MODEL);
    if ([...(this.#choice?.options ?? [])].some((option) => option.value === last)) this.#choice.value = last;
  }

  // Internal

  #submit = (event) => {
    event.preventDefault();
    if (this.text.trim()) tell(this, "composer-send", { text: this.text.trim() });
  };

  #key = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    if (event.isComposing || event.keyCode === IN_COMPOSITION) return;
    event.preventDefault();
    this.#form.requestSubmit();
  };

  #typed = () => {
    fit(this.#area);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#saveDraft, DRAFT_PAUSE);
    tell(this, "composer-typing");
  };

  #saveDraft = () => this.remember(this.text);

  #chosen = () => {
    keep(LAST_MODEL, this.model);
    tell(this, "composer-model", { model: this.model });
  };

  #stop() {
    this.focus();
    tell(this, "composer-stop");
  }

  get #form() {
    return this.querySelector("form");
  }

  get #area() {
    return this.querySelector("textarea");
  }

  get #choice() {
    return this.querySelector("select");
  }
}

/** Browsers without field-sizing are told the height of the text. */
function fit(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.blockSize = "auto";
  area.style.blockSize = `${area.scrollHeight}px`;
}
