// The form that signs out: first the browser hands over what it alone has, and forgets it.

import { handOver } from "../chat/hand-over.js";

const PATIENCE = 3000;

export class SignOut extends HTMLElement {
  // Lifecycle

  connectedCallback() {
    this.addEventListener("submit", this.#leave);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.#leave);
  }

  // Internal

  #leave = async (event) => {
    event.preventDefault();
    event.target.querySelector("button").disabled = true;
    await Promise.race([handOver(this.dataset.person), new Promise((done) => setTimeout(done, PATIENCE))]);
    event.target.submit();
  };
}
