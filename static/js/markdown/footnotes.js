// The rules for footnotes: "[^1]" in the text, "[^1]: …" on a line of its own, and the list of them at the end.

const NOTE = /^\[\^([^\s[\]]{1,40})\]:[ \t]*/;
const REFERENCE = /^\[\^([^\s[\]]{1,40})\]/;

export function footnotes(grammar) {
  grammar.block.ruler.before("reference", "footnote", note, { alt: ["paragraph", "reference"] });
  grammar.inline.ruler.before("link", "footnote", reference);
  grammar.core.ruler.after("inline", "footnotes", list);
}

/** A note goes on over lines that are indented. The first one of a name counts; it is left where it stands otherwise. */
function note(state, line, end, silent) {
  if (state.level || state.sCount[line] - state.blkIndent >= 4) return false;
  const text = state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
  const [opener, name] = NOTE.exec(text) ?? [];
  if (!opener) return false;
  if (silent) return true;
  let next = line + 1;
  while (next < end && !state.isEmpty(next) && state.sCount[next] >= 2) next++;
  const notes = (state.env.notes ??= new Map());
  state.env.numbered ??= [];
  const more = state.getLines(line + 1, next, 4, false);
  const key = notes.has(name) ? `${name} ${notes.size}` : name;
  notes.set(key, { text: `${text.slice(opener.length)}\n${more}`.trim(), number: 0, references: 0 });
  state.line = next;
  return true;
}

function reference(state, silent) {
  const { notes, numbered } = state.env;
  if (!notes || state.src[state.pos + 1] !== "^") return false;
  const [whole, name] = REFERENCE.exec(state.src.slice(state.pos, state.pos + 44)) ?? [];
  const found = notes.get(name);
  if (!found) return false;
  if (!silent) {
    if (!found.number) found.number = numbered.push(found);
    state.push("footnote_reference", "sup", 0).meta = { number: found.number, time: ++found.references };
  }
  state.pos += whole.length;
  return true;
}

/** All notes in the order of their first reference; those that nothing refers to come last, so that no word is lost. */
function list(state) {
  const { notes, numbered } = state.env;
  if (!notes) return;
  const tokens = [token(state, "footnotes_open", 1)];
  const left = [...notes.values()];
  for (let place = 0; place < left.length; place++) {
    const next = numbered[place] ?? left.find((one) => !one.number);
    if (!next.number) next.number = numbered.push(next);
    tokens.push(...entry(state, next));
  }
  state.tokens.push(...tokens, token(state, "footnotes_close", -1));
}

function entry(state, { number, references, text }) {
  const inline = token(state, "inline", 0);
  inline.content = text;
  inline.children = [];
  state.md.inline.parse(text, state.md, state.env, inline.children);
  const open = token(state, "footnote_open", 1);
  const close = token(state, "footnote_close", -1);
  open.meta = close.meta = { number, isReferred: references > 0 };
  for (const one of [open, inline, close]) one.level = 1;
  return [open, inline, close];
}

function token(state, type, nesting) {
  return new state.Token(type, "", nesting);
}
