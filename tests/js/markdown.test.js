// Markdown to nodes: what is shown, what never is, and that a text that grows shows the same at every moment.

import assert from "node:assert/strict";
import { test } from "node:test";

import { blocksOf, lastHeadingLevel, offsetOfLine } from "../../static/js/markdown/blocks.js";
import { piecesOf } from "../../static/js/markdown/build.js";
import { parse } from "../../static/js/markdown/grammar.js";
import { languageName } from "../../static/js/markdown/languages.js";
import { goldens } from "./goldens.js";
import { growing, randomText, viewOf } from "./growing.js";
import { shown } from "./shown.js";

for (const { file, name, source, expected } of goldens()) {
  test(`${file}: shows ${name}`, () => assert.equal(shown(source), expected));
}

test("there are cases of every kind", () => assert.ok(goldens().length > 70));

test("a text that grows shows at every moment what a single reading of it shows", () => {
  for (let seed = 0; seed < 60; seed++) growing(randomText(seed), seed, { isPrefixToo: true });
});

const LONG = { code: `\`\`\`js\n${"line\n".repeat(300)}`, list: "- item\n".repeat(300), table: `| a |\n|---|\n${"| b |\n".repeat(300)}` };

for (const [name, long] of Object.entries(LONG)) {
  test(`a long ${name} that comes at once with the words before it goes on where it ended`, () => {
    const pieces = ["Some words.\n\n", `More.\n\n${long}`, "- c\n", "\nEnd."];
    assert.equal(viewOf(pieces), shown(pieces.join("")));
  });
}

test("a definition in a quotation counts for the words before it", () => {
  for (const text of ["[a] b\n\nc\n\n> [a]: https://d.example\n", "[a] b\n\nc\n\n- e\n\n  [a]: https://d.example\n"]) growing(text, 1, { isPrefixToo: false });
});

test("a text with definitions shows at its end what a single reading of it shows", () => {
  for (let seed = 0; seed < 40; seed++) growing(randomText(seed, { withDefinitions: true }), seed, { isPrefixToo: false });
});

test("every outermost block is one element with its own lines", () => {
  const blocks = blocksOf(parse("# a\n\nb\nc\n\n- d\n- e\n\n```\nf\n```\n"));
  assert.deepEqual(blocks.map(({ line }) => line), [0, 2, 5, 8]);
});

test("the key of a block changes with its text, its link and its tightness", () => {
  const key = (source) => blocksOf(parse(source))[0].key;
  assert.equal(key("a *b*"), key("a *b*"));
  for (const [one, other] of [["a", "b"], ["[a](https://x.example)", "[a](https://y.example)"], ["- a\n- b", "- a\n\n- b"]]) {
    assert.notEqual(key(one), key(other));
  }
});

test("the level of the last heading is carried over to the rest", () => {
  const tokens = parse("# a\n\n## b\n\nc");
  assert.equal(lastHeadingLevel(tokens, tokens.length, 1), 3);
  assert.equal(parse("#### d", 3)[0].tag, "h4");
});

test("a line's place is counted in characters", () => {
  assert.equal(offsetOfLine("ab\n\ncd\n", 2), 4);
});

test("code is cut after every 64 lines, and never into nothing", () => {
  const lines = (count) => "x\n".repeat(count);
  assert.deepEqual([0, 1, 64, 65, 128].map((count) => piecesOf(lines(count)).length), [1, 1, 1, 2, 2]);
  assert.equal(piecesOf(`${lines(70)}y`).join(""), `${lines(70)}y`);
});

test("a language has its usual name, and an odd one can't break out", () => {
  assert.deepEqual([languageName("py"), languageName("constructor")], ["Python", "constructor"]);
});

const DEEP = {
  quotations: "> ".repeat(3000) + "a",
  "open strong words": "*a ".repeat(20_000),
  brackets: "[".repeat(20_000),
  "brackets of pictures": "![".repeat(20_000),
  "open formulas": "\\(".repeat(20_000) + "\\[".repeat(20_000) + "$a ".repeat(20_000),
  "references to notes": `${"[^1]".repeat(5000)}\n\n[^1]: a`,
  "notes in notes": Array.from({ length: 2000 }, (_, at) => `[^${at}]: a[^${at + 1}]`).join("\n"),
  "nested lists": Array.from({ length: 300 }, (_, at) => `${"  ".repeat(at)}- a`).join("\n"),
  "closing brackets of an address": `https://b.example/${")".repeat(100_000)}`,
  addresses: "https://a.b ".repeat(8000),
  "code marks": "`".repeat(20_000) + "a",
  "code marks of all lengths": Array.from({ length: 500 }, (_, at) => `a${"`".repeat(at)}`).join(""),
};

for (const [name, source] of Object.entries(DEEP)) {
  test(`${name} neither overflow nor take long`, () => {
    const began = performance.now();
    shown(source);
    assert.ok(performance.now() - began < 1000);
  });
}
