// The rule for addresses that stand in the text: https://… becomes a link, up to where a reader would say it ends.

const SCHEME = /(?<![a-z0-9_])https?$/i;
/** No white space, no quotation marks, and none of the punctuation of East Asia, which stands right after an address. */
const BODY = /[a-z0-9\u00a1-\u1fff\u3040-\ufe0f\[][^\s<>"`\\\u2010-\u2027\u2030-\u205e\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]*/iy;
const LAST = /[.,;:!?'*_~]$/;
/** So many signs at the end are looked at. */
const MOST = 20;
const PAIRS = { ")": "(", "]": "[" };

export function addresses(grammar) {
  grammar.inline.ruler.push("address", address);
}

function address(state, silent) {
  const { src, pos, pending } = state;
  if (state.linkLevel > 0 || !src.startsWith("://", pos)) return false;
  const scheme = SCHEME.exec(pending)?.[0];
  const body = scheme && bodyAt(src, pos + 3);
  if (!body) return false;
  if (!silent) {
    state.pending = pending.slice(0, -scheme.length);
    push(state, `${scheme}://${body}`.replaceAll("&amp;", "&"));
  }
  state.pos += 3 + body.length;
  return true;
}

function bodyAt(src, pos) {
  BODY.lastIndex = pos;
  let body = BODY.exec(src)?.[0] ?? "";
  for (let times = 0; times < MOST && (LAST.test(body) || hasNoPair(body)); times++) body = body.slice(0, -1);
  return body;
}

/** Whether it ends with a bracket that was opened before it. */
function hasNoPair(body) {
  const last = body.at(-1);
  const opener = PAIRS[last];
  return opener !== undefined && body.split(last).length > body.split(opener).length;
}

function push(state, url) {
  state.push("link_open", "a", 1).attrSet("href", state.md.normalizeLink(url));
  state.push("text", "", 0).content = url;
  state.push("link_close", "a", -1);
}
