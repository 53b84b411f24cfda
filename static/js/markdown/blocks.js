// Cuts tokens into their outermost blocks, and lists and tables into items and rows, each with a key: equal keys are
// built into equal nodes.

import { LINES_A_PIECE, languageOf, piecesOf } from "./build.js";

/** What has children, and the level of their tokens. */
const CONTAINERS = { bullet_list_open: 1, ordered_list_open: 1, table_open: 2 };

/**
 * A block is {type, from, to, line, key}: its tokens, its first line (-1: not from the text) and its key. A list, table
 * or code has `children` too (the rows of a table's head are none), and `frame`, the key of what is around them.
 */
export function blocksOf(tokens) {
  return [...spans(tokens, 0, tokens.length, 0)].map(([from, to]) => blockOf(tokens, from, to));
}

function blockOf(tokens, from, to) {
  const block = { type: tokens[from].type, from, to, line: lineOf(tokens[from]) };
  if (block.type in CONTAINERS) return withChildren(tokens, block);
  if (block.type === "fence" || block.type === "code_block") return withPieces(tokens[from], block);
  return { ...block, key: keyOf(tokens, from, to) };
}

function withChildren(tokens, block) {
  const { type, from, to } = block;
  const inside = type === "table_open" ? bodyOf(tokens, from, to) : { from: from + 1, to: to - 1 };
  const children = [...spans(tokens, inside.from, inside.to, CONTAINERS[type])].map(([begin, end]) => ({
    from: begin,
    to: end,
    line: lineOf(tokens[begin]),
    key: keyOf(tokens, begin, end),
  }));
  return whole(block, keyOf(tokens, from, inside.from), children);
}

function withPieces(token, block) {
  const children = piecesOf(token.content).map((key, index) => ({ line: block.line + 1 + index * LINES_A_PIECE, key }));
  return whole(block, `${block.type} ${languageOf(token)}`, children);
}

function whole(block, frame, children) {
  return { ...block, frame, children, key: `${frame}${children.map(({ key }) => key).join("")}` };
}

/** Where the rows of a table are; an empty span at its end where there are none. */
function bodyOf(tokens, from, to) {
  for (let index = from; index < to; index++) {
    if (tokens[index].type === "tbody_open") return { from: index + 1, to: to - 2 };
  }
  return { from: to - 1, to: to - 1 };
}

function* spans(tokens, from, to, level) {
  let begin = from;
  for (let index = from; index < to; index++) {
    const token = tokens[index];
    if (token.level !== level || token.nesting === 1) continue;
    yield [begin, index + 1];
    begin = index + 1;
  }
}

/** Whether the list with these tokens stands apart: any paragraph right in an item of it shows as one. */
export function isLoose(tokens, { from, to }) {
  return paragraphs(tokens, from, to).some((token) => !token.hidden);
}

/** Makes the list that the text begins with stand apart, as the rest of a list does when any item of it does. */
export function loosen(tokens) {
  const end = tokens.findIndex((token) => token.level === 0 && token.nesting === -1);
  for (const token of paragraphs(tokens, 0, end)) token.hidden = false;
}

function paragraphs(tokens, from, to) {
  return tokens.slice(from, to).filter((token) => token.level === 2 && token.type.startsWith("paragraph_"));
}

export function lastHeadingLevel(tokens, to, level) {
  for (let index = to - 1; index >= 0; index--) {
    if (tokens[index].type === "heading_open") return Number(tokens[index].tag[1]);
  }
  return level;
}

/** Where line number `line` begins in `source`. */
export function offsetOfLine(source, line) {
  let offset = 0;
  for (let count = 0; count < line; count++) offset = source.indexOf("\n", offset) + 1;
  return offset;
}

function lineOf(token) {
  return token.map?.[0] ?? -1;
}

function keyOf(tokens, from, to) {
  return JSON.stringify(tokens.slice(from, to).map(markOf));
}

function markOf({ type, tag, hidden, info, attrs, meta, content, children }) {
  return [type, tag, hidden, info, attrs, meta, children ? children.map(markOf) : content];
}
