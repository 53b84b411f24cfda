// Tokens to nodes, by a short list of elements and attributes. No HTML string exists anywhere on the way.
// The server writes the same elements as HTML (rendering/build.py). Words of the page's language are in neither:
// code-block, table-box and math-text dress themselves.

import { safeHref } from "./safe-href.js";

const ELEMENTS = new Set(
  "p h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td em strong s hr br code".split(" "),
);
const ALIGNED = { "text-align:right": "end", "text-align:center": "center" };
/** The host that the words of a link begin with. */
const HOST_OF_WORDS = /^(?:https?:\/\/)?([^/:?#\s]+|\[[0-9a-f:.]+\])/;
/** What would be a link of its own. */
const LINKING = new Set(["image", "footnote_reference"]);
const LANGUAGE = /^[\w+#.-]{1,24}$/;
/** A browser lays out a long code that grows in pieces, not as a whole. */
export const LINES_A_PIECE = 64;

/** @param {string} prefix  before every id, so that two messages never share one */
export function build(tokens, parent, prefix, from = 0, to = tokens.length, page = document) {
  let current = parent;
  let isInLink = false;
  for (let index = from; index < to; index++) {
    const token = tokens[index];
    if (token.type.startsWith("link_")) isInLink = token.nesting === 1;
    if (isInLink && LINKING.has(token.type)) current.append(wordsOf(token));
    else if (token.nesting === 1) current = opened(token, tokens[index + 1], current, prefix, page);
    else if (token.nesting === -1) current = closed(token, current, prefix, page);
    else single(token, current, prefix, page);
  }
  return parent;
}

function opened(token, next, current, prefix, page) {
  if (token.hidden) return current;
  switch (token.type) {
    case "table_open":
      return append(append(current, page.createElement("table-box")), page.createElement("table"));
    case "link_open":
      return append(current, link(token.attrGet("href"), next?.content ?? "", page));
    case "footnotes_open":
      return append(append(current, element(page, "section", { class: "footnotes" })), page.createElement("ol"));
    case "footnote_open":
      return append(current, element(page, "li", { id: `${prefix}note-${token.meta.number}` }));
    default:
      return append(current, plain(token, page));
  }
}

function plain(token, page) {
  const made = page.createElement(ELEMENTS.has(token.tag) ? token.tag : "span");
  if (token.type === "ordered_list_open") numberFrom(made, token.attrGet("start"));
  const name = ALIGNED[token.attrGet("style")] ?? token.attrGet("class");
  if (name) made.setAttribute("class", name);
  return made;
}

function closed(token, current, prefix, page) {
  if (token.hidden) return current;
  if (token.type === "footnote_close" && token.meta.isReferred) {
    append(current, element(page, "a", { href: `#${prefix}reference-${token.meta.number}` })).append("↩");
  }
  return token.type === "table_close" || token.type === "footnotes_close" ? current.parentNode.parentNode : current.parentNode;
}

function single(token, current, prefix, page) {
  switch (token.type) {
    case "inline":
      build(token.children, current, prefix, 0, token.children.length, page);
      break;
    case "softbreak":
      current.append("\n");
      break;
    case "hardbreak":
    case "hr":
      current.append(page.createElement(token.tag));
      break;
    case "code_inline":
      append(current, page.createElement("code")).append(token.content);
      break;
    case "fence":
    case "code_block":
      current.append(codeBlock(token, page));
      break;
    case "math_inline":
    case "math_block":
      append(current, element(page, "math-text", token.meta.isDisplay ? { display: "" } : {})).append(token.content);
      break;
    case "image":
      append(current, link(token.attrGet("src"), token.content, page)).append(wordsOf(token));
      break;
    case "footnote_reference":
      current.append(footnoteReference(token.meta, prefix, page));
      break;
    default:
      if (token.content) current.append(token.content);
  }
}

function codeBlock(token, page) {
  const language = languageOf(token);
  const block = element(page, "code-block", language ? { language } : {});
  const code = append(append(block, page.createElement("pre")), page.createElement("code"));
  for (const piece of piecesOf(token.content)) append(code, page.createElement("span")).append(piece);
  return block;
}

/** Lines of code in pieces of equal length, of which the last may be shorter; at least one. */
export function piecesOf(text) {
  const pieces = [];
  let from = 0;
  for (let at = text.indexOf("\n"), lines = 1; at >= 0; at = text.indexOf("\n", at + 1), lines++) {
    if (lines % LINES_A_PIECE) continue;
    pieces.push(text.slice(from, at + 1));
    from = at + 1;
  }
  if (from < text.length || !pieces.length) pieces.push(text.slice(from));
  return pieces;
}

export function languageOf(token) {
  const name = token.type === "fence" ? token.info.trim().split(/\s+/)[0] : "";
  return LANGUAGE.test(name) ? name : "";
}

/** A picture from elsewhere would tell its host who reads: it becomes a link too. */
function link(address, text, page) {
  const safe = safeHref(address ?? "");
  if (!safe) return page.createElement("span");
  const showsHost = !safe.host || HOST_OF_WORDS.exec(text.toLowerCase())?.[1] === safe.host;
  const host = showsHost ? {} : { "data-host": safe.host };
  return element(page, "a", { href: safe.href, ...host, target: "_blank", rel: "noopener noreferrer" });
}

/** A picture without words goes by the last name in its address. */
function wordsOf(token) {
  if (token.type === "footnote_reference") return String(token.meta.number);
  const address = token.attrGet("src") ?? "";
  return token.content || (safeHref(address) ? address.replace(/[?#].*/, "").split("/").filter(Boolean).at(-1) : "");
}

function footnoteReference({ number, time }, prefix, page) {
  const id = `${prefix}reference-${number}${time > 1 ? `-${time}` : ""}`;
  const sup = page.createElement("sup");
  append(sup, element(page, "a", { id, href: `#${prefix}note-${number}` })).append(String(number));
  return sup;
}

function numberFrom(list, start) {
  const number = Number(start);
  if (start !== null && Number.isSafeInteger(number) && number !== 1) list.setAttribute("start", String(number));
}

function element(page, tag, attributes) {
  const made = page.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function append(parent, child) {
  parent.append(child);
  return child;
}
