// Cuts tokens into their outermost blocks, each with a key: equal keys are built into equal nodes.

/** @returns {{from: number, to: number, line: number, key: string}[]} */
export function blocksOf(tokens) {
  const blocks = [];
  let from = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token.level !== 0 || token.nesting === 1) continue;
    blocks.push({ from, to: index + 1, line: tokens[from].map?.[0] ?? 0, key: keyOf(tokens, from, index + 1) });
    from = index + 1;
  }
  return blocks;
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

function keyOf(tokens, from, to) {
  return JSON.stringify(tokens.slice(from, to).map(markOf));
}

function markOf({ type, tag, hidden, info, attrs, content, children }) {
  return [type, tag, hidden, info, attrs, children ? children.map(markOf) : content];
}
