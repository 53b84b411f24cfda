// A formula: its source until it is whole, then as it is written by hand. What can't be drawn stays source.

export class MathText extends HTMLElement {
  #source = null;

  // Lifecycle

  connectedCallback() {
    if (this.closest("[data-whole]")) this.settle();
  }

  // Actions

  /** Nothing is added to it any more. */
  async settle() {
    if (this.#source !== null) return;
    this.#source = this.textContent;
    const module = await import("../markdown/formulas.js").catch(() => null);
    const formula = await module?.drawn(this.#source, this.hasAttribute("display"));
    if (formula) this.replaceChildren(formula);
  }
}
