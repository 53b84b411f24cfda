// A live answer as a document that only grows: what each event of its stream does to it. Pure; knows no connection.

const ENDED = new Set(["complete", "stopped", "interrupted", "failed"]);

/**
 * @typedef {{type: string, text?: string, value?: object}} Part
 * @typedef {{parts: Part[], status: string, notice: object | null, finish_reason: string | null,
 *            error: object | null, usage: object | null, cost: unknown, model: string | null,
 *            left_out: {messages: number} | null, instead_of: string | null, isEnded: boolean}} AnswerDocument
 */

/** @returns {AnswerDocument} */
export function emptyDocument() {
  return { parts: [], status: "waiting", notice: null, finish_reason: null, error: null, usage: null, cost: null, model: null, left_out: null, instead_of: null, isEnded: false };
}

/** @returns {AnswerDocument} the document of a message as the JSON interface has it */
export function documentOf(message) {
  const { parts, status, finish_reason, error, usage, cost } = message;
  return { ...emptyDocument(), parts: parts ?? [], status, finish_reason, error, usage, cost, ...asked(message), isEnded: ENDED.has(status) };
}

/** @returns {AnswerDocument | null} the document after one event; null when something before it is missing */
export function step(document, name, data) {
  if (document.isEnded) return document;
  if (name === "snapshot") return { ...document, parts: data.parts, status: data.status, ...asked(data), notice: null };
  if (name === "delta") return grown(document, data);
  if (name === "notice") return noticed(document, data);
  if (name === "end") return ended(document, data);
  return document;
}

export function textOf(document) {
  return joined(document, (part) => part.type === "text" || part.type === "refusal");
}

export function reasoningOf(document) {
  return joined(document, (part) => part.type === "reasoning");
}

function grown(document, { part: index, type, append, value }) {
  const before = document.parts[index];
  if (index > document.parts.length || (before && (before.type !== type || append === undefined))) return null;
  const part = append === undefined ? { type, value } : { type, text: (before?.text ?? "") + append };
  const parts = document.parts.slice();
  parts[index] = part;
  return { ...document, parts, status: "streaming", notice: null };
}

function noticed(document, notice) {
  if (notice.code === "left_out") return { ...document, left_out: { messages: notice.messages } };
  return { ...document, notice };
}

function ended(document, data) {
  const { status, finish_reason = null, error = null, usage = null, cost = null } = data;
  return { ...document, status, finish_reason, error, usage, cost, ...asked(data), notice: null, isEnded: true };
}

/** How it was asked: of whom, instead of whom, and without what. */
function asked({ model = null, left_out = null, instead_of = null }) {
  return { model, left_out, instead_of };
}

function joined(document, isWanted) {
  return document.parts.filter(isWanted).map((part) => part.text ?? "").join("");
}
