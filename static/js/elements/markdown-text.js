// Text of an answer, shown as markdown. The renderer is fetched when there is something to render, never before.

import { tell } from "../lib/parts.js";

/** Work that took longer than this makes the next one wait four times as long. */
const LIGHT_WORK = 4;

let renderer = null;
let pasted = null;

/** Begins to fetch the renderer, so that it is there when the first words come. */
export function prepareMarkdown() {
  renderer ??= Promise.all([import("../markdown/renderer.js"), prepareDress()]).then(
    ([module]) => module,
    () => {
      renderer = null;
    },
  );
  return renderer;
}

async function prepareDress() {
  ({ pasted } = await import("../markdown/dress.js"));
}

export class MarkdownText extends HTMLElement {
  #source = null;
  #view = null;
  #frame = 0;
  #notBefore = 0;

  // Lifecycle

  connectedCallback() {
    if (this.#source !== null) return;
    if (this.#isWhole) {
      prepareDress().catch(() => {});
      return;
    }
    this.#source = this.textContent;
    if (this.#source) this.finish(this.#source);
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
  }

  // Actions

  /** The text as it was written; null where it isn't here, because the server wrote what it is shown as. */
  get source() {
    return this.#source;
  }

  /** What is shown, for pasting elsewhere; nothing before it is shown. */
  get html() {
    return pasted?.(this);
  }

  /** A text that may go on. */
  show(source) {
    this.#source = source;
    if (!this.#view && !this.#isWhole) this.#showPlain();
    this.#frame ||= requestAnimationFrame(this.#draw);
  }

  /** A text that is whole. */
  async finish(source) {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#source = source;
    if ((await this.#ready()) && this.#source === source) {
      this.#view.finish(source);
      tell(this, "text-finished");
    }
  }

  // Internal

  #draw = async (now) => {
    this.#frame = 0;
    if (now < this.#notBefore) {
      this.#frame = requestAnimationFrame(this.#draw);
      return;
    }
    if (!(await this.#ready()) || this.#frame) return;
    const began = performance.now();
    this.#view.show(this.#source);
    const took = performance.now() - began;
    this.#notBefore = took > LIGHT_WORK ? now + took * 4 : 0;
  };

  async #ready() {
    if (this.#view) return true;
    const module = await prepareMarkdown();
    if (!module) return this.#showPlain();
    this.#view ??= this.#dress(new module.MarkdownRenderer(this, this.#prefix));
    return true;
  }

  /** Before the ids of this text: that of its message, so that no two answers share one. */
  get #prefix() {
    return `${this.closest("[data-message]")?.dataset.message ?? "new"}-`;
  }

  /** The server has written it as HTML. */
  get #isWhole() {
    return "whole" in this.dataset;
  }

  #dress(view) {
    delete this.dataset.whole;
    this.classList.remove("raw");
    this.dataset.rendered = "";
    return view;
  }

  /** Until the renderer is here, or if it can't be had, people read the text as it was written. */
  #showPlain() {
    this.classList.add("raw");
    if (this.textContent !== this.#source) this.textContent = this.#source;
    return false;
  }
}
