// Markdown text to tokens. HTML in it stays text; where links lead is decided in safe-href.js, not here.
// The server reads by the same grammar (rendering/grammar.py): tests/markdown/ holds the two together.

import MarkdownIt from "../../vendor/markdown-it.mjs";
import { addresses } from "./addresses.js";
import { footnotes } from "./footnotes.js";
import { maths } from "./maths.js";
import { tasks } from "./tasks.js";

const grammar = new MarkdownIt({ html: false }).use(addresses).use(maths).use(footnotes).use(tasks);
grammar.validateLink = () => true;
// Some services write addresses as they stand in HTML.
const { normalizeLink, normalizeLinkText } = grammar;
grammar.normalizeLink = (address) => normalizeLink(address.replaceAll("&amp;", "&"));
grammar.normalizeLinkText = (address) => normalizeLinkText(address.replaceAll("&amp;", "&"));

/** White space to one of the two languages that the grammar is written in, and not to the other. */
const DISPUTED = /[\x1c-\x1f\x85\u2028\u2029\ufeff]/g;

/** @param {number} level  of the heading before this text; a page's own title is 1 */
export function parse(source, level = 1) {
  const tokens = grammar.parse(source.replace(DISPUTED, " "), {});
  evenHeadings(tokens, level);
  return tokens;
}

/** Headings begin below the title of the page and skip no level, so that one can walk through them. */
function evenHeadings(tokens, level) {
  for (const token of tokens) {
    if (token.type === "heading_open") level = Math.min(Number(token.tag[1]) + 1, level + 1, 6);
    if (token.type === "heading_open" || token.type === "heading_close") token.tag = `h${level}`;
  }
}
