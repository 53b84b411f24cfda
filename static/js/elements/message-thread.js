// The messages of one conversation, in order: new ones from the templates that the server wrote, other versions of old ones.

import { Answering } from "../chat/answering.js";
import { t } from "../lib/i18n.js";
import { onActions, part, tell } from "../lib/parts.js";

export class MessageThread extends HTMLElement {
  #answering = new Answering();
  #isAsking = false;

  // Lifecycle

  connectedCallback() {
    this.addEventListener("answer-again", ({ target }) => this.#ask(() => this.#again(target)));
    this.addEventListener("answer-continue", ({ target }) => this.#ask(() => this.#goOn(target)));
    this.addEventListener("answer-choose", ({ target, detail }) => this.#alone(() => this.#choose(target.closest("answer-message"), detail)));
  }

  // Actions

  /** What the page knows and the thread doesn't; set by the page. */
  page = { isBusy: () => false, model: () => ({}), nameOf: (model) => model };

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

  /** The question waits for the connection, and says so. */
  hold(placed, takeBack) {
    placed.answer.remove();
    placed.note = cloned("waiting-template");
    onActions(placed.note, { "take-back": takeBack });
    placed.question.after(placed.note);
  }

  /** The question has got through after all. */
  release({ question, note }, sent, model) {
    const answer = cloned("answer-template");
    note.replaceWith(answer);
    question.dataset.message = sent.question.id;
    answer.adopt(sent.answer, model);
  }

  has(id) {
    return this.querySelector(`[data-message="${CSS.escape(id)}"]`) !== null;
  }

  /** The question could not be sent. */
  takeBack({ question, answer, note }) {
    question.remove();
    answer.remove();
    note?.remove();
    this.#showWelcome(!this.querySelector(".msg"));
  }

  get answers() {
    return [...this.querySelectorAll("answer-message:not([hidden])")];
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

  /** A wish that ends in a call of a model: not while one is answering. */
  #ask(wish) {
    if (this.page.isBusy()) tell(this, "thread-failed", { message: t("The answer is still coming. Wait for it, or stop it first.") });
    else this.#alone(wish);
  }

  async #alone(act) {
    if (this.#isAsking) return;
    this.#isAsking = true;
    await act().catch((failure) => tell(this, "thread-failed", failure));
    this.#isAsking = false;
  }

  async #again(answer) {
    const { model, modelName } = this.page.model();
    const fresh = cloned("answer-template");
    const gone = withAllBelow(answer);
    for (const message of gone) message.hidden = true;
    answer.before(fresh);
    fresh.introduce(modelName);
    attend(fresh);
    tell(this, "thread-asked", { isLast: true });
    try {
      fresh.adopt(await this.#answering.again(answer.dataset.question, model));
      for (const message of gone) message.remove();
    } catch (failure) {
      fresh.remove();
      for (const message of gone) message.hidden = false;
      throw failure;
    }
  }

  async #goOn(answer) {
    await this.#answering.goOn(answer.dataset.message);
    answer.goOn();
    attend(answer);
    tell(this, "thread-asked", { isLast: answer === this.answers.at(-1) });
  }

  async #choose(answer, { id, arrow, place, count }) {
    const conversation = this.closest("[data-conversation]").dataset.conversation;
    const messages = await this.#answering.choose(conversation, id);
    if (!messages) return location.assign(`/c/${conversation}`);
    const fresh = messages.map((message) => this.#shown(message));
    answer.before(...fresh);
    await Promise.all(messages.map((message, index) => fresh[index].adopt?.(message, this.page.nameOf(message.model))));
    const top = answer.getBoundingClientRect().top;
    for (const message of withAllBelow(answer)) message.remove();
    for (const message of fresh) message.hidden = false;
    this.closest("thread-scroller").keep(fresh[0], top);
    fresh[0].focusOn(arrow);
    tell(this, "thread-turned", { words: t("Version %(place)s of %(count)s", { place, count }) });
  }

  /** Hidden until its text is ready, so that the page never shrinks in between. */
  #shown({ role, id, text }) {
    const message = cloned(role === "user" ? "question-template" : "answer-template");
    message.hidden = true;
    if (role === "user") {
      message.querySelector(".bubble").textContent = text;
      message.dataset.message = id;
    }
    return message;
  }

  #showWelcome(isShown) {
    this.hidden = isShown;
    const welcome = part(this.parentElement, "welcome");
    if (welcome) welcome.hidden = !isShown;
  }
}

/** The button that was pressed goes: whoever works without a mouse is left where the answer will come. */
function attend(answer) {
  answer.tabIndex = -1;
  answer.focus({ preventScroll: true });
}

function withAllBelow(answer) {
  const all = [...answer.parentElement.querySelectorAll(".msg")];
  return all.slice(all.indexOf(answer));
}

function cloned(id) {
  return document.importNode(document.getElementById(id).content, true).firstElementChild;
}
