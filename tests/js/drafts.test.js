// Drafts that survive, and messages that are never sent twice.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Drafts } from "../../static/js/chat/drafts.js";
import { send } from "../../static/js/chat/sending.js";

class Shelf {
  #kept = new Map();
  getItem = (key) => this.#kept.get(key) ?? null;
  setItem = (key, value) => this.#kept.set(key, value);
  removeItem = (key) => this.#kept.delete(key);
}

beforeEach(() => {
  globalThis.localStorage = new Shelf();
});

test("a draft is found again by its own conversation and person", () => {
  new Drafts("lin").write("c1", "hello");
  assert.equal(new Drafts("lin").text("c1"), "hello");
  assert.equal(new Drafts("lin").text("c2"), "");
  assert.equal(new Drafts("bob").text("c1"), "");
});

test("the same text sent again carries the same ids", () => {
  const drafts = new Drafts("lin");
  assert.deepEqual(drafts.attempt("c1", "hello", "m"), drafts.attempt("c1", "hello", "m"));
});

test("another text or another model is another message", () => {
  const drafts = new Drafts("lin");
  const first = drafts.attempt("c1", "hello", "m").message;
  assert.notEqual(drafts.attempt("c1", "hello", "n").message, first);
  assert.notEqual(drafts.attempt("c1", "hello!", "m").message, first);
});

test("what another device wrote is another message", () => {
  const drafts = new Drafts("lin");
  const { message } = drafts.attempt("c1", "hello", "m");
  drafts.note("c1", { text: "theirs", model: "m", seen: "mark" });
  assert.notEqual(drafts.attempt("c1", "theirs", "m").message, message);
});

test("typing the same again keeps the ids, typing more drops them", () => {
  const drafts = new Drafts("lin");
  const { message } = drafts.attempt("c1", "hello", "m");
  drafts.write("c1", "hello");
  assert.equal(drafts.attempt("c1", "hello", "m").message, message);
  drafts.write("c1", "hello!");
  assert.notEqual(drafts.attempt("c1", "hello", "m").message, message);
});

test("a new conversation takes its draft with it", () => {
  const drafts = new Drafts("lin");
  const { message } = drafts.attempt("", "hello", "m");
  drafts.move("", "c1");
  assert.deepEqual([drafts.text(""), drafts.attempt("c1", "hello", "m").message], ["", message]);
});

test("a shelf full of nonsense is forgotten", () => {
  localStorage.setItem("celadon.draft.lin.c1", "{");
  assert.equal(new Drafts("lin").text("c1"), "");
});

test("a browser that keeps nothing is no hindrance", () => {
  globalThis.localStorage = undefined;
  const drafts = new Drafts("lin");
  drafts.write("c1", "hello");
  assert.equal(drafts.attempt("c1", "hello", "m").message.length, 32);
});

test("the first message makes its conversation", async () => {
  const calls = [];
  const ask = async (...call) => calls.push(call) && { id: "c9" };
  const made = [];
  await send({ conversation: "", text: "hi", model: "m", ids: { conversation: "k", message: "l" } }, (fresh) => made.push(fresh.id), ask);
  assert.deepEqual(calls, [
    ["POST", "/api/v1/conversations", { client_id: "k", model: "m" }],
    ["POST", "/api/v1/conversations/c9/messages", { text: "hi", client_id: "l", model: "m" }],
  ]);
  assert.deepEqual(made, ["c9"]);
});
