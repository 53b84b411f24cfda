// What highlight.js finds in code, by the half-private way in which we ask it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { runsOf } from "../../static/js/markdown/runs.js";
import highlighter from "../../static/vendor/highlight.mjs";

function words(text, language) {
  return runsOf(highlighter, text, language).map(([begin, end, kind]) => `${kind}:${text.slice(begin, end)}`);
}

test("words, strings, numbers and comments have kinds", () => {
  assert.deepEqual(words('def f(x):\n    return "a" + 1  # why', "python"), ["key:def", "fn:f", "key:return", 'str:"a"', "num:1", "com:# why"]);
});

test("code in code keeps its places", () => {
  const found = words("<p>a</p><script>let b = 'c';</script>", "html");
  assert.ok(found.includes("key:let") && found.includes("str:'c'"));
});

test("runs stand in order and never overlap", () => {
  const runs = runsOf(highlighter, "const a = `b ${c + 1} d`; // e\nclass F extends G {}", "js");
  runs.reduce((last, [begin, end]) => {
    assert.ok(begin >= last && end > begin);
    return end;
  }, 0);
  assert.ok(runs.length > 5);
});

test("an unknown language has no runs, and neither has one that is no language", () => {
  assert.deepEqual([words("a b", "klingon"), words("a", "constructor"), words("a", "__proto__")], [[], [], []]);
});
