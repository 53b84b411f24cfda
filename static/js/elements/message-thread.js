// The messages of one conversation, in order. New ones are made from the templates that the server wrote.

import { part } from "../lib/parts.js";

export class MessageThread extends HTMLElement {
  // Actions

  /** Shows a question at once, with the place where its answer will stand. */
  add(text, model) {
    const question = cloned("question-template");
    const answer = cloned("answer-template");
    question.querySelector(".bubble").textContent = text;
    this.append(question, answer);
    answer.introduce(model);
    this.#showWelcome(false);
    return { question, answer };
  }

  /** The question could not be sent. */
  takeBack({ question, answer }) {
    question.remove();
    answer.remove();
    this.#showWelcome(!this.querySelector(".msg"));
  }

  get answers() {
    return [...this.querySelectorAll("answer-message")];
  }

  /** Those that are still under way. */
  get live() {
    return this.answers.filter((answer) => answer.isLive);
  }

  /** The server's own time at the first answer shown here. */
  get began() {
    return this.querySelector("answer-message local-time")?.getAttribute("datetime");
  }

  // Internal

  #showWelcome(isShown) {
    this.hidden = isShown;
    const welcome = part(this.parentElement, "welcome");
    if (welcome) welcome.hidden = !isShown;
  }
}

function cloned(id) {
  return document.importNode(document.getElementById(id).content, true).firstElementChild;
}
