// What the chat page has to say beside the messages: one complaint, the state of the line, a word for screen readers.

import { t } from "../lib/i18n.js";
import { part } from "../lib/parts.js";

export class ChatNotices extends HTMLElement {
  // Actions

  /** An empty sentence takes the last one away. */
  complain(sentence, failure = null) {
    part(this, "problem-text").textContent = sentence;
    part(this, "sign-in").hidden = !failure?.isSignedOut;
    part(this, "problem").hidden = !sentence;
  }

  /** @param {"live" | "reconnecting" | "signed_out" | "gone"} state */
  connection(state) {
    part(this, "strip").hidden = state !== "reconnecting";
    if (state === "signed_out") this.complain(t("You are signed out. The answer goes on; sign in to see it."), { isSignedOut: true });
    if (state === "gone") this.complain(t("This answer is not here any more."));
  }

  /** Where the reader is in the thread. */
  place({ isAtEnd, hasGrown }) {
    const jump = this.querySelector('[data-action="jump"]');
    jump.hidden = isAtEnd;
    jump.toggleAttribute("data-new", !isAtEnd && (hasGrown || jump.hasAttribute("data-new")));
  }

  say(words) {
    part(this, "live").textContent = words;
  }
}
