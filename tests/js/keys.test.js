// What each key means, and when it means nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { enterMeans, keyMeans } from "../../static/js/chat/keys.js";

const OUTSIDE = { closest: () => null };
const INSIDE = { closest: () => ({}) };
const key = (name, more = {}) => ({ key: name, target: OUTSIDE, ...more });

test("Enter sends or makes a line, as wished", () => {
  assert.deepEqual(["send", "line"].map((wish) => enterMeans(key("Enter"), wish)), ["send", "line"]);
  assert.equal(enterMeans(key("Enter", { shiftKey: true }), "send"), "line");
  assert.equal(enterMeans(key("a"), "send"), "");
});

test("Ctrl and Cmd with Enter always send", () => {
  for (const more of [{ ctrlKey: true }, { metaKey: true }]) assert.equal(enterMeans(key("Enter", more), "line"), "send");
});

test("within a composition no key means anything, also where its end comes before the key", () => {
  for (const more of [{ isComposing: true }, { keyCode: 229 }]) {
    assert.equal(enterMeans(key("Enter", { ctrlKey: true, ...more }), "send"), "");
    for (const name of ["Escape", "?", "O"]) assert.equal(keyMeans(key(name, { ctrlKey: name === "O", shiftKey: true, ...more })), "");
  }
});

test("single signs count only where nobody writes", () => {
  assert.equal(keyMeans(key("?", { shiftKey: true })), "help");
  assert.equal(keyMeans(key("?", { target: INSIDE })), "");
  assert.equal(keyMeans(key("?", { ctrlKey: true })), "");
});

test("a chord and Escape count everywhere, unless somebody took them", () => {
  assert.equal(keyMeans(key("O", { ctrlKey: true, shiftKey: true, target: INSIDE })), "new");
  assert.equal(keyMeans(key("o", { metaKey: true, shiftKey: true })), "new");
  assert.equal(keyMeans(key("O", { shiftKey: true })), "");
  assert.equal(keyMeans(key("Escape", { target: INSIDE })), "stop");
  assert.equal(keyMeans(key("Escape", { defaultPrevented: true })), "");
});
