// Markdown to nodes: what is shown, and what never is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { blocksOf, lastHeadingLevel, offsetOfLine } from "../../static/js/markdown/blocks.js";
import { build } from "../../static/js/markdown/build.js";
import { languageName } from "../../static/js/markdown/code-block.js";
import { parse } from "../../static/js/markdown/grammar.js";
import { smallDocument } from "./small-document.js";

const LINK = 'target="_blank" rel="noopener noreferrer"';

function element(tag, ...pieces) {
  const node = smallDocument.createElement(tag);
  node.append(...pieces);
  return node;
}

const dress = { code: (text, language) => element("pre", `${language}|${text}`), table: () => element("div"), image: "Picture" };

function shown(source) {
  return build(parse(source), smallDocument.createElement("root"), dress, undefined, undefined, smallDocument).inner;
}

const CASES = {
  "words, strong, code and a struck word": ["a **b** `c` ~~d~~ *e*", "<p>a <strong>b</strong> <code>c</code> <s>d</s> <em>e</em></p>"],
  "HTML as the text that it is": ["<b onclick=x>hi</b>", "<p>&lt;b onclick=x&gt;hi&lt;/b&gt;</p>"],
  "an HTML block as text": ["<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"],
  "a link to elsewhere": ["[a](https://b.example/)", `<p><a href="https://b.example/" ${LINK}>a</a></p>`],
  "an address in the text as a link": ["see https://b.example/x now", `<p>see <a href="https://b.example/x" ${LINK}>https://b.example/x</a> now</p>`],
  "a link that ends before Chinese punctuation": ["见（https://b.example/x）。https://b.example/y，好", `<p>见（<a href="https://b.example/x" ${LINK}>https://b.example/x</a>）。<a href="https://b.example/y" ${LINK}>https://b.example/y</a>，好</p>`],
  "a link with brackets inside brackets": ["(https://b.example/x_(y))", `<p>(<a href="https://b.example/x_(y)" ${LINK}>https://b.example/x_(y)</a>)</p>`],
  "a link as it stands in HTML": ["https://b.example/?a=1&amp;b=2", `<p><a href="https://b.example/?a=1&b=2" ${LINK}>https://b.example/?a=1&amp;b=2</a></p>`],
  "the words alone of a link that runs a script": ["[a](javascript:alert(1))", "<p><span>a</span></p>"],
  "the words alone of a link to a data address": ["[a](data:text/html;base64,xx)", "<p><span>a</span></p>"],
  "a picture as a link, so that nobody learns who looked": ["![cat](https://b.example/c.png)", `<p><a href="https://b.example/c.png" ${LINK}>cat</a></p>`],
  "a picture without words": ["![](https://b.example/c.png)", `<p><a href="https://b.example/c.png" ${LINK}>Picture</a></p>`],
  "a picture inside a data address as words": ["![x](data:image/svg+xml,a)", "<p><span>x</span></p>"],
  "no link in the name of a file": ["open README.md or app.py", "<p>open README.md or app.py</p>"],
  "a tight list": ["- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
  "a loose list": ["- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"],
  "a list that begins at three": ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
  "a quotation": ["> a", "<blockquote><p>a</p></blockquote>"],
  "a rule": ["a\n\n---", "<p>a</p><hr></hr>"],
  "a line broken by hand": ["a  \nb", "<p>a<br></br>b</p>"],
  "a block of code with its language": ["```py title=x\na < b\n```", "<pre>py|a &lt; b\n</pre>"],
  "a block of code that isn't closed yet": ["```\na", "<pre>|a</pre>"],
  "code by indentation": ["    a\n\nb", "<pre>|a\n</pre><p>b</p>"],
  "a table with its alignment": [
    "| a | b |\n|---|--:|\n| 1 | 2 |",
    '<div><table><thead><tr><th>a</th><th class="end">b</th></tr></thead><tbody><tr><td>1</td><td class="end">2</td></tr></tbody></table></div>',
  ],
  "what follows a table outside of it": ["| a |\n|---|\n\nb", "<div><table><thead><tr><th>a</th></tr></thead></table></div><p>b</p>"],
  "headings below the title of the page, skipping no level": ["### a\n\n###### b\n\n# c", "<h2>a</h2><h3>b</h3><h2>c</h2>"],
};

for (const [name, [source, expected]] of Object.entries(CASES)) {
  test(`shows ${name}`, () => assert.equal(shown(source), expected));
}

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

test("a language has its usual name, and an odd one can't break out", () => {
  assert.deepEqual([languageName("py"), languageName("constructor"), languageName("x".repeat(99)).length], ["Python", "constructor", 24]);
});

test("deep nesting neither overflows nor takes long", () => {
  const began = performance.now();
  shown(`${"> ".repeat(3000)}a\n\n${"*a ".repeat(5000)}\n\n${"[".repeat(5000)}`);
  assert.ok(performance.now() - began < 3000);
});
