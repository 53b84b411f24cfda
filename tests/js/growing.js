// Random markdown that comes in pieces, and the check that its view is at every moment that of a single reading.

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

import { smallDocument } from "./small-document.js";

globalThis.document = smallDocument;
const { MarkdownRenderer } = await import("../../static/js/markdown/renderer.js");
const { shown } = await import("./shown.js");

const PIECES = [
  "foo", "bar *baz*", "**b**", "`c`", "\n", "\n", "\n\n", "- a", "- b\n", "1. x", "2. y\n", "1", "2", "# h", "#", "> q", "> ", "```",
  "```py\n", "~~~\n", "| a | b |\n|---|--:|\n", "| 1 | 2 |\n", "---", "===", "  ", "    code\n", "$$", "\\[", "\\]", "$x$", "\\(y\\)",
  "* ", "+ ", "***", "-", "[x] t", "- [ ] do\n", "<b>", "https://a.example/x", "[l](https://b.example)", "![i](https://c.example/p.png)",
  "\\", "`", "_", "5 and $6", "\n  - n\n", "\n   on\n", ")", ".", "12", "\n\n\n", "\t", "é中😀", "long word ".repeat(30),
  "line\n".repeat(200), "- item\n".repeat(120), "| r | s |\n".repeat(90), "1. n\n".repeat(150), "> z\n".repeat(5), "- apart\n\n".repeat(70), `- far\n\n- near\n${"- item\n".repeat(120)}`, `1. a\n\n2. b\n${"3. n\n".repeat(150)}`,
  "1. far\n\n  too\n\n".repeat(40),
];
const DEFINITIONS = ["[^1]", "[^1]: note\n", "[^2]: other\n  more\n", "[l]", "\n[l]: https://d.example\n", "[^2]"];
const STEPS = [1, 4, 15, 60];

export function randomText(seed, { withDefinitions = false } = {}) {
  const dice = diceOf(seed);
  const pieces = withDefinitions ? [...PIECES, ...DEFINITIONS, ...DEFINITIONS] : PIECES;
  return Array.from({ length: 2 + dice(18) }, () => pieces[dice(pieces.length)]).join("");
}

/** Shows the text piece by piece; fails where the view is another than that of one reading. Some moments are looked at, the end always. */
export function growing(text, seed, { isPrefixToo }) {
  const dice = diceOf(seed + 1_000_000);
  const root = smallDocument.createElement("root");
  const renderer = new MarkdownRenderer(root, "m-");
  const step = STEPS[dice(4)] * (text.length > 2000 ? 8 : 1);
  for (let end = 0; end < text.length; ) {
    end = Math.min(text.length, end + 1 + dice(step));
    renderer.show(text.slice(0, end));
    if (isPrefixToo && dice(8) === 0) assert.equal(root.inner, shown(text.slice(0, end)), `seed ${seed}, ${end} characters`);
  }
  renderer.finish(text);
  assert.equal(root.inner, shown(text), `seed ${seed}`);
}

/** The view of a text that comes in these pieces. */
export function viewOf(pieces) {
  const root = smallDocument.createElement("root");
  const renderer = new MarkdownRenderer(root, "m-");
  pieces.reduce((text, piece) => {
    renderer.show(text + piece);
    return text + piece;
  }, "");
  return root.inner;
}

/** Whole numbers below a limit; the same ones for the same seed (mulberry32). */
function diceOf(seed) {
  return (limit) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** As a program: FROM and TO, the seeds of the texts. Every second one has definitions. Ends with 1 at the first that is shown otherwise. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [from, to] = process.argv.slice(2).map(Number);
  for (let seed = from; seed < to; seed++) {
    const withDefinitions = seed % 2 === 1;
    growing(randomText(seed, { withDefinitions }), seed, { isPrefixToo: !withDefinitions });
  }
}
