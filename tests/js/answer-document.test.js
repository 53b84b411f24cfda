// What each event of a stream does to the document.

import assert from "node:assert/strict";
import { test } from "node:test";

import { documentOf, emptyDocument, reasoningOf, step, textOf } from "../../static/js/chat/answer-document.js";

const told = (...events) => events.reduce((document, [name, data]) => document && step(document, name, data), emptyDocument());
const delta = (part, append, type = "text") => ["delta", { part, type, append }];

test("deltas append to the part they name and open the next one", () => {
  const document = told(delta(0, "Let me ", "reasoning"), delta(0, "see.", "reasoning"), delta(1, "Yes"), delta(1, "!"));
  assert.equal(reasoningOf(document), "Let me see.");
  assert.equal(textOf(document), "Yes!");
  assert.equal(document.status, "streaming");
});

test("a snapshot replaces what was there", () => {
  const snapshot = ["snapshot", { position: 5, status: "streaming", parts: [{ type: "text", text: "Hello" }] }];
  assert.equal(textOf(told(delta(0, "Bye"), snapshot, delta(0, "!"))), "Hello!");
});

test("how it was asked is told by the snapshot, a notice and the end", () => {
  const document = told(["snapshot", { status: "waiting", parts: [], left_out: { messages: 2 } }]);
  assert.deepEqual(document.left_out, { messages: 2 });
  assert.deepEqual(told(["notice", { code: "left_out", messages: 4 }], delta(0, "a")).left_out, { messages: 4 });
  const end = told(delta(0, "a"), ["end", { status: "complete", model: "second", instead_of: "first" }]);
  assert.deepEqual([end.model, end.instead_of], ["second", "first"]);
});

test("a delta after a gap is refused, so that nothing is shown with a hole", () => {
  assert.equal(told(delta(0, "a"), delta(2, "c")), null);
});

test("a delta of another type for a known part is refused", () => {
  assert.equal(told(delta(0, "a"), delta(0, "b", "reasoning")), null);
});

test("a part that arrives whole is kept whole and is no text", () => {
  const document = told(delta(0, "See"), ["delta", { part: 1, type: "citation", value: { url: "https://example.com" } }]);
  assert.deepEqual(document.parts[1], { type: "citation", value: { url: "https://example.com" } });
  assert.equal(textOf(document), "See");
});

test("text after another part is joined to the text before", () => {
  const document = told(delta(0, "one "), ["delta", { part: 1, type: "tool_call", value: {} }], delta(2, "two"));
  assert.equal(textOf(document), "one two");
});

test("a notice stands until the next word", () => {
  const waiting = told(["notice", { code: "retrying", seconds: 3 }]);
  assert.equal(waiting.notice.seconds, 3);
  assert.equal(step(waiting, ...delta(0, "a")).notice, null);
});

test("the end keeps the text and nothing comes after it", () => {
  const end = ["end", { status: "stopped", finish_reason: null, usage: null, cost: null, error: null }];
  const document = told(delta(0, "a"), end, delta(0, "b"), ["end", { status: "failed" }]);
  assert.deepEqual([textOf(document), document.status, document.isEnded], ["a", "stopped", true]);
});

test("an event without a meaning for us changes nothing", () => {
  const document = told(delta(0, "a"));
  assert.equal(step(document, "surprise", {}), document);
});

test("what was told before is never changed", () => {
  const before = told(delta(0, "a"));
  step(before, ...delta(0, "b"));
  assert.equal(textOf(before), "a");
});

test("a message that has ended makes a document that has ended", () => {
  assert.equal(documentOf({ status: "interrupted", parts: [] }).isEnded, true);
  assert.equal(documentOf({ status: "waiting", parts: [] }).isEnded, false);
});
