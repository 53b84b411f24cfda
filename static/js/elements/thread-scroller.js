// Keeps the newest words in sight, but only for those who are reading there.

import { tell } from "../lib/parts.js";

const NEAR = 100;
const AT_END = 2;

export class ThreadScroller extends HTMLElement {
  #isFollowing = false;
  #lastTop = 0;
  #watcher = null;

  // Lifecycle

  connectedCallback() {
    this.#isFollowing = this.querySelector(".msg") !== null;
    this.addEventListener("scroll", this.#scrolled, { passive: true });
    this.addEventListener("wheel", this.#wheeled, { passive: true });
    this.#watcher = new ResizeObserver(this.#resized);
    this.#watcher.observe(this);
    for (const child of this.children) this.#watcher.observe(child);
  }

  disconnectedCallback() {
    this.removeEventListener("scroll", this.#scrolled);
    this.removeEventListener("wheel", this.#wheeled);
    this.#watcher.disconnect();
  }

  // Actions

  toEnd() {
    this.#isFollowing = true;
    this.#pin();
    this.#report();
  }

  /** What was replaced stays where the reader saw it, at `top` of the window; nothing new is followed. */
  keep(element, top) {
    this.#isFollowing = false;
    this.scrollTop += element.getBoundingClientRect().top - top;
    this.#lastTop = this.scrollTop;
    this.#report();
  }

  // Internal

  #wheeled = (event) => {
    if (event.deltaY < 0 && this.scrollTop > 0) this.#follow(false);
  };

  #scrolled = () => {
    const wentUp = this.scrollTop < this.#lastTop;
    this.#lastTop = this.scrollTop;
    if (this.#distance <= AT_END) this.#follow(true);
    else if (wentUp) this.#follow(false);
    else if (this.#distance <= NEAR) this.#follow(true);
    else this.#report();
  };

  #resized = () => {
    if (this.#isFollowing) this.#pin();
    else this.#report(true);
  };

  #follow(isFollowing) {
    this.#isFollowing = isFollowing;
    this.#report();
  }

  #pin() {
    this.scrollTop = this.scrollHeight;
    this.#lastTop = this.scrollTop;
  }

  #report(hasGrown = false) {
    tell(this, "thread-place", { isAtEnd: this.#isFollowing || this.#distance <= NEAR, hasGrown });
  }

  get #distance() {
    return this.scrollHeight - this.clientHeight - this.scrollTop;
  }
}
