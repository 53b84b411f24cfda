// Markdown text to tokens. HTML in it stays text; where links lead is decided in safe-href.js, not here.

import MarkdownIt from "../../vendor/markdown-it.mjs";

const grammar = new MarkdownIt({ html: false, linkify: true });
grammar.validateLink = () => true;
// "app.py" and "README.md" would be taken for sites of Paraguay and Moldova.
grammar.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
// Some services write addresses as they stand in HTML.
const { normalizeLink, normalizeLinkText } = grammar;
grammar.normalizeLink = (address) => normalizeLink(address.replaceAll("&amp;", "&"));
grammar.normalizeLinkText = (address) => normalizeLinkText(address.replaceAll("&amp;", "&"));

/** @param {number} level  of the heading before this text; a page's own title is 1 */
export function parse(source, level = 1) {
  const tokens = grammar.parse(source, {});
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
