// The rules for formulas: $…$ and \(…\) in a line, $$…$$ and \[…\] on their own. Knows no formula's meaning.

const BLOCK_ENDS = { $$: "$$", "\\[": "\\]" };
const INLINE_ENDS = { ...BLOCK_ENDS, $: "$", "\\(": "\\)" };

export function maths(grammar) {
  grammar.inline.ruler.before("escape", "maths", inLine);
  grammar.block.ruler.before("fence", "maths", onItsOwn, { alt: ["paragraph", "reference", "blockquote", "list"] });
}

function inLine(state, silent) {
  const { src, pos } = state;
  const opener = src.startsWith("$$", pos) || src[pos] !== "$" ? src.slice(pos, pos + 2) : "$";
  const closer = INLINE_ENDS[opener];
  if (!closer) return false;
  const from = pos + opener.length;
  const to = closed(state, closer, from);
  if (to < 0 || to + closer.length > state.posMax) return false;
  const formula = src.slice(from, to);
  if (!formula.trim() || (opener === "$" && isMoney(src, pos, to))) return false;
  if (!silent) push(state, "math_inline", formula, opener in BLOCK_ENDS);
  state.pos = to + closer.length;
  return true;
}

/** "$5 and $6", "US$5": a formula touches its signs, and no letter or digit touches them from outside. */
function isMoney(src, pos, to) {
  return /\s/.test(src[pos + 1] + src[to - 1]) || /\w/.test(src[pos - 1] ?? "") || /[0-9]/.test(src[to + 1] ?? "");
}

/** Where the closer stands, or -1; looks to the end of a text once only. */
function closed(state, closer, from) {
  state.unclosed ??= {};
  if (from >= (state.unclosed[closer] ?? Infinity)) return -1;
  let to = state.src.indexOf(closer, from);
  while (to > 0 && closer[0] === "$" && state.src[to - 1] === "\\") to = state.src.indexOf(closer, to + 1);
  if (to < 0) state.unclosed[closer] = from;
  return to;
}

/** Lines up to the one that ends with the closer. After an empty line it may be still to come, until the next one. */
function onItsOwn(state, line, end, silent) {
  const first = lineOf(state, line);
  const closer = BLOCK_ENDS[first.slice(0, 2)];
  if (!closer || state.sCount[line] - state.blkIndent >= 4) return false;
  const formula = [];
  let rest = first.slice(2);
  // "$$ is a lot": what opens several lines is alone on its own, or begins a formula.
  if (closer === "$$" && rest.trim() && !rest.includes(closer) && !rest.includes("\\")) return false;
  let next = line + 1;
  while (!rest.includes(closer)) {
    formula.push(rest);
    if (next >= end && !silent) break;
    if (next >= end || state.isEmpty(next) || state.sCount[next] < state.blkIndent) return false;
    rest = lineOf(state, next++);
  }
  const place = rest.indexOf(closer);
  if (place >= 0) {
    if (rest.slice(place + 2).trim()) return false;
    formula.push(rest.slice(0, place));
  }
  if (silent) return true;
  const token = push(state, "math_block", formula.join("\n"), true);
  token.map = [line, next];
  state.line = next;
  return true;
}

function lineOf(state, line) {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
}

function push(state, type, formula, isDisplay) {
  const token = state.push(type, "math", 0);
  token.content = formula.trim();
  token.meta = { isDisplay };
  return token;
}
