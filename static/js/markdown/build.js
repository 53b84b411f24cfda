// Tokens to nodes, by a short list of elements and attributes. No HTML string exists anywhere on the way.

import { safeHref } from "./safe-href.js";

const ELEMENTS = new Set(
  "p h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td em strong s hr br code".split(" "),
);
const ALIGNED = { "text-align:right": "end", "text-align:center": "center" };

/**
 * @param {{code: (text: string, language: string) => Node, table: () => Element, image: string}} dress  the page's own pieces
 */
export function build(tokens, parent, dress, from = 0, to = tokens.length, page = document) {
  let current = parent;
  for (let index = from; index < to; index++) {
    const token = tokens[index];
    if (token.nesting === 1) current = opened(token, current, dress, page);
    else if (token.nesting === -1) current = closed(token, current);
    else single(token, current, dress, page);
  }
  return parent;
}

function opened(token, current, dress, page) {
  if (token.hidden) return current;
  if (token.type === "table_open") return append(append(current, dress.table()), page.createElement("table"));
  if (token.type === "link_open") return append(current, link(token.attrGet("href"), page));
  const element = page.createElement(ELEMENTS.has(token.tag) ? token.tag : "span");
  if (token.type === "ordered_list_open") numberFrom(element, token.attrGet("start"));
  const aligned = ALIGNED[token.attrGet("style")];
  if (aligned) element.className = aligned;
  return append(current, element);
}

function closed(token, current) {
  if (token.hidden) return current;
  return token.type === "table_close" ? current.parentNode.parentNode : current.parentNode;
}

function single(token, current, dress, page) {
  switch (token.type) {
    case "inline":
      build(token.children, current, dress, 0, token.children.length, page);
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
      current.append(dress.code(token.content, languageOf(token)));
      break;
    case "image":
      append(current, link(token.attrGet("src"), page)).append(token.content || dress.image);
      break;
    default:
      if (token.content) current.append(token.content);
  }
}

/** A picture from elsewhere would tell its host who reads: it becomes a link too. */
function link(address, page) {
  const href = safeHref(address ?? "");
  const element = page.createElement(href ? "a" : "span");
  if (!href) return element;
  element.setAttribute("href", href);
  element.setAttribute("target", "_blank");
  element.setAttribute("rel", "noopener noreferrer");
  return element;
}

function numberFrom(element, start) {
  const number = Number(start);
  if (start !== null && Number.isSafeInteger(number) && number !== 1) element.setAttribute("start", String(number));
}

export function languageOf(token) {
  return token.type === "fence" ? token.info.trim().split(/\s+/)[0] : "";
}

function append(parent, child) {
  parent.append(child);
  return child;
}
