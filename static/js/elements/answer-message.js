// One answer: shows what its stream says, and how it ended.

import { documentOf, reasoningOf, textOf } from "../chat/answer-document.js";
import { AnswerStream } from "../chat/answer-stream.js";
import { thinkingWords, thoughtWords, waitingWords } from "../chat/progress.js";
import { request } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { onActions, part, tell } from "../lib/parts.js";

const LIVE = new Set(["waiting", "streaming"]);

export class AnswerMessage extends HTMLElement {
  #stream = null;
  #clock = 0;
  #began = 0;
  #sawBeginning = false;
  #thinking = { isOn: false, isOver: false, since: null, isTouched: false };
  #document = null;
  #wantsStop = false;
  #finished = null;
  #asked = null;

  // Lifecycle

  connectedCallback() {
    part(this, "thinking").querySelector("summary").addEventListener("click", () => {
      this.#thinking.isTouched = true;
    });
    onActions(this, { again: () => tell(this, "answer-again"), continue: () => tell(this, "answer-continue") });
    if (!this.isLive || this.#began) return;
    this.#begin();
    if (this.dataset.message) this.#follow();
  }

  disconnectedCallback() {
    clearInterval(this.#clock);
    this.#stream?.close();
  }

  // Actions

  get isLive() {
    return LIVE.has(this.dataset.status);
  }

  get source() {
    return this.#text.source ?? "";
  }

  get html() {
    return this.#text.html;
  }

  /** The source, asked for where the page doesn't have it. */
  async readSource() {
    if (this.#text.source !== null) return this.#text.source;
    this.#asked ??= request("GET", `/api/v1/messages/${this.dataset.message}`).catch((failure) => {
      this.#asked = null;
      throw failure;
    });
    return (await this.#asked).text;
  }

  /** Takes the name of the model before the server has said anything. */
  introduce(model) {
    part(this, "model").textContent = model;
    this.#sawBeginning = true;
  }

  /** This is the answer that belongs here: one that was just begun, or an older one, which is shown when this is done. */
  async adopt(message, modelName = null) {
    const { id, parent_id, sibling_ids, created_at } = message;
    Object.assign(this.dataset, { message: id, question: parent_id, versions: sibling_ids.join(" ") });
    this.#asked = null;
    this.querySelector("answer-versions").show(sibling_ids, id);
    this.querySelector("local-time").setAttribute("datetime", created_at);
    if (modelName) part(this, "model").textContent = modelName;
    const document = documentOf(message);
    if (document.isEnded) this.#show(document);
    else this.#follow();
    if (this.#wantsStop) this.stop();
    await this.#finished;
  }

  /** It was cut off and goes on after what is there. */
  goOn() {
    this.dataset.status = "waiting";
    part(this, "ending").clear();
    part(this, "actions").hidden = true;
    this.#begin();
    this.#follow();
  }

  /** The arrow that was used to come here. */
  focusOn(arrow) {
    this.querySelector("answer-versions").focusOn(arrow);
  }

  async stop() {
    this.#wantsStop = !this.dataset.message;
    if (this.dataset.message && this.isLive) await request("DELETE", `/api/v1/messages/${this.dataset.message}/generation`);
  }

  // Internal

  #begin() {
    this.#began = Date.now();
    this.setAttribute("aria-busy", "true");
    this.#clock = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  #follow() {
    this.#stream = new AnswerStream(this.dataset.message, {
      changed: (document) => this.#show(document),
      connection: (state) => tell(this, "answer-connection", { state }),
    });
    this.#stream.follow();
  }

  #show(document) {
    const text = textOf(document);
    this.#document = document;
    this.#sawBeginning ||= !document.parts.length;
    this.dataset.status = document.status;
    this.#showAsking(document);
    this.#showThinking(reasoningOf(document), text);
    if (document.isEnded) this.#end(document, text);
    else if (text) this.#text.show(text);
    this.#tick();
  }

  #showAsking({ model, left_out, instead_of }) {
    part(this, "left-out").show(left_out?.messages ?? 0);
    const note = part(this, "instead");
    note.hidden = !instead_of;
    if (!instead_of) return;
    part(this, "model").textContent = model;
    note.textContent = t("%(model)s answered, because %(other)s was not available.", { model, other: instead_of });
  }

  #showThinking(reasoning, text) {
    if (!reasoning) return;
    const box = part(this, "thinking");
    box.hidden = false;
    write(part(this, "reasoning"), reasoning);
    if (this.#thinking.isOver) return;
    if (!this.#thinking.isOn) this.#startThinking(box);
    if (text || this.#document.isEnded) this.#stopThinking(box);
  }

  #startThinking(box) {
    this.#thinking.isOn = true;
    this.#thinking.since = this.#sawBeginning ? Date.now() : null;
    if (!this.#thinking.isTouched) box.open = true;
  }

  #stopThinking(box) {
    const { since, isTouched } = this.#thinking;
    this.#thinking.isOver = true;
    part(this, "thinking-label").textContent = thoughtWords(since && seconds(since));
    if (!isTouched) box.open = false;
  }

  #end(document, text) {
    clearInterval(this.#clock);
    this.removeAttribute("aria-busy");
    this.#finished = this.#text.finish(text);
    const words = part(this, "ending").show(document, Boolean(text));
    part(this, "actions").hidden = false;
    part(this, "copy").hidden = !text;
    if (this.#stream) tell(this, "answer-ended", { words: words || t("Answer ready") });
  }

  #tick() {
    const { isOn, isOver, since } = this.#thinking;
    const isThinking = isOn && !isOver;
    if (isThinking) part(this, "thinking-label").textContent = thinkingWords(since && seconds(since));
    part(this, "progress").textContent = this.isLive && !isThinking ? this.#words : "";
  }

  get #words() {
    return this.source ? t("is writing…") : waitingWords(seconds(this.#began), this.#document?.notice);
  }

  get #text() {
    return part(this, "text");
  }
}

function seconds(since) {
  return Math.round((Date.now() - since) / 1000);
}

/** Appends what is new, so that a selection in it survives. */
function write(element, text) {
  const node = element.firstChild;
  if (node && text.startsWith(node.data)) node.appendData(text.slice(node.data.length));
  else element.textContent = text;
}
