// Where people write: Enter sends, the draft survives a reload, the button becomes Stop while an answer comes.

import { enterMeans } from "../chat/keys.js";
import { onActions, part, tell } from "../lib/parts.js";
import { keep, recall } from "../lib/store.js";

const LAST_MODEL = "celadon.model";
/** The draft is kept when the typing pauses, and now and then while it doesn't. */
const DRAFT_PAUSE = 300;
const DRAFT_DELAY = 2000;

export class MessageComposer extends HTMLElement {
  #timer = 0;
  #unsaved = 0;
  #remember = () => {};

  // Lifecycle

  connectedCallback() {
    this.#form.addEventListener("submit", this.#submit);
    this.#area.addEventListener("keydown", this.#key);
    this.#area.addEventListener("input", this.#typed);
    this.#choice?.addEventListener("change", this.#chosen);
    addEventListener("pagehide", this.save);
    onActions(this, { stop: () => this.#stop() });
    fit(this.#area);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.save);
  }

  // Actions

  /** @param {() => void} remember  called a moment after something was typed or chosen */
  begin(conversation, draft, remember) {
    this.#remember = remember;
    if (!conversation && !this.hasAttribute("data-has-model")) this.choose(recall(LAST_MODEL));
    this.restore(draft?.text || this.text, draft?.model);
    if (matchMedia("(pointer: fine)").matches) this.focus();
  }

  /** Hands over what stands here. */
  save = () => {
    clearTimeout(this.#timer);
    this.#unsaved = 0;
    this.#remember();
  };

  get draft() {
    return { text: this.#area.value, model: this.model };
  }

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
  restore(text, model) {
    this.#area.value = text;
    if (model) this.choose(model);
    fit(this.#area);
  }

  /** Chooses a model, when it is still offered. */
  choose(model) {
    if ([...(this.#choice?.options ?? [])].some((option) => option.value === model)) this.#choice.value = model;
  }

  /** Writes a text and puts the cursor behind it. */
  fill(text) {
    this.restore(text);
    this.#typed();
    this.focus();
    this.#area.setSelectionRange(text.length, text.length);
  }

  /** @param {HTMLElement | null} idea  a way to begin, to be filled in */
  take(idea) {
    if (idea) this.fill(`${idea.dataset.idea}\n\n`);
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

  // Internal

  #submit = (event) => {
    event.preventDefault();
    if (this.text.trim()) tell(this, "composer-send", { text: this.text.trim() });
  };

  #key = (event) => {
    if (enterMeans(event, this.dataset.enter) !== "send") return;
    event.preventDefault();
    this.#form.requestSubmit();
  };

  #typed = () => {
    fit(this.#area);
    const now = performance.now();
    this.#unsaved ||= now;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.save, Math.min(DRAFT_PAUSE, Math.max(0, this.#unsaved + DRAFT_DELAY - now)));
    tell(this, "composer-typing");
  };

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
