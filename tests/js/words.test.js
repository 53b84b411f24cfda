// The words of the browser: languages, progress, endings.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { ending, retryWords, wayOn } from "../../static/js/chat/ending.js";
import { thinkingWords, thoughtWords, waitingWords } from "../../static/js/chat/progress.js";
import { backOff } from "../../static/js/lib/back-off.js";
import { speak, t, tn } from "../../static/js/lib/i18n.js";

afterEach(() => speak({}, "en"));

test("a message is its own English", () => {
  assert.equal(t("Hello %(name)s", { name: "Lin" }), "Hello Lin");
});

test("a known message is said in the other language", () => {
  speak({ "Hello %(name)s": ["你好，%(name)s"] }, "zh-Hans-CN");
  assert.equal(t("Hello %(name)s", { name: "Lin" }), "你好，Lin");
});

test("a placeholder that nobody filled stays as it is", () => {
  assert.equal(t("%(a)s %(toString)s", { a: 1 }), "1 %(toString)s");
});

test("numbers choose their form", () => {
  assert.deepEqual([1, 2].map((n) => tn("%(n)s second", "%(n)s seconds", n)), ["1 second", "2 seconds"]);
  speak({ "%(n)s second": ["%(n)s 秒"] }, "zh-Hans-CN");
  assert.deepEqual([1, 2].map((n) => tn("%(n)s second", "%(n)s seconds", n)), ["1 秒", "2 秒"]);
});

test("waiting is named after eight seconds", () => {
  assert.equal(waitingWords(7, null), "is reading…");
  assert.equal(waitingWords(8, null), "is reading… still waiting (8 s)");
});

test("a notice says what is waited for, and an unknown one says nothing", () => {
  assert.equal(waitingWords(0, { code: "retrying", seconds: 2.4 }), "is busy; trying again in 3 s");
  assert.equal(waitingWords(0, { code: "constructor" }), "is reading…");
});

test("thinking counts only what was seen", () => {
  assert.deepEqual([thinkingWords(null), thinkingWords(12)], ["Thinking…", "Thinking… 12 s"]);
  assert.deepEqual([thoughtWords(null), thoughtWords(0), thoughtWords(12)], ["Thoughts", "Thought for 1 second", "Thought for 12 seconds"]);
});

test("an answer that ended well needs no word", () => {
  assert.equal(ending({ status: "complete", finish_reason: "stop" }), null);
});

test("every other end has a kind and a sentence", () => {
  const ends = [
    { status: "stopped" },
    { status: "failed" },
    { status: "interrupted" },
    { status: "complete", finish_reason: "length" },
    { status: "complete", finish_reason: "content_filter" },
  ];
  assert.deepEqual(ends.map((end) => ending(end).kind), ["quiet", "wrong", "wait", "wait", "wrong"]);
});

test("what has begun can go on, what has not is tried again, and a whole answer needs neither", () => {
  const ends = [{ status: "stopped" }, { status: "interrupted" }, { status: "complete", finish_reason: "length" }];
  assert.deepEqual(ends.map((end) => wayOn(end, true)), ["continue", "continue", "continue"]);
  assert.deepEqual(ends.map((end) => wayOn(end, false)), ["again", "again", ""]);
  assert.equal(wayOn({ status: "failed" }, false), "again");
  assert.equal(wayOn({ status: "complete", finish_reason: "stop" }, true), "");
  assert.equal(wayOn({ status: "complete", finish_reason: "content_filter" }, true), "");
});

test("a wait is named in seconds, a long one in minutes", () => {
  assert.deepEqual([undefined, 0, -1].map(retryWords), ["Try again", "Try again", "Try again"]);
  assert.deepEqual([0.4, 12, 600].map(retryWords), ["Try again in 1 s", "Try again in 12 s", "Try again in 10 min"]);
});

test("the server's own sentence goes first", () => {
  assert.equal(ending({ status: "failed", error: { message: "The AI service is busy." } }).text, "The AI service is busy.");
});

test("back-off never waits less than half of its step", () => {
  assert.deepEqual([backOff(0, () => 0), backOff(0, () => 1), backOff(20, () => 1)], [250, 500, 4000]);
});
