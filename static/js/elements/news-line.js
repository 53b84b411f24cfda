// The quiet line after an upgrade: read or put away, it doesn't come back, on no device.

import { request } from "../lib/api.js";

export class NewsLine extends HTMLElement {
  // Lifecycle

  connectedCallback() {
    this.addEventListener("submit", this.#putAway);
    this.querySelector("a").addEventListener("click", () => this.#tell());
  }

  // Internal

  #putAway = (event) => {
    event.preventDefault();
    this.#tell();
    this.remove();
  };

  #tell() {
    request("POST", new URL(this.querySelector("form").action).pathname, {}, true).catch(() => {});
  }
}
