// Colours code without changing its nodes where the browser can (the CSS Custom Highlight API), else by spans.

import { scriptUrl } from "../lib/script-url.js";

/** Longer code stays as it is: nobody reads its colours. */
const LONGEST = 200_000;

const waiting = new Map();
let worker = null;
let count = 0;

/** @returns {Promise<() => void>}  what takes the colours away again */
export async function colour(code, language) {
  const text = code.textContent;
  if (text.length > LONGEST) return () => {};
  const runs = await ask(text, language);
  if (!code.isConnected || code.textContent !== text) return () => {};
  return globalThis.CSS?.highlights ? paint(code, runs) : wrap(code, runs);
}

function ask(text, language) {
  worker ??= started();
  const number = ++count;
  worker.postMessage({ number, text, language });
  return new Promise((resolve) => waiting.set(number, resolve));
}

function started() {
  const made = new Worker(scriptUrl("js/markdown/highlight.worker.js"), { type: "module" });
  made.onmessage = ({ data: { number, runs } }) => {
    waiting.get(number)?.(runs);
    waiting.delete(number);
  };
  made.onerror = () => {
    for (const resolve of waiting.values()) resolve([]);
    waiting.clear();
  };
  return made;
}

function paint(code, runs) {
  const painted = [...placed(code, runs)].map(({ node, begin, end, kind }) => {
    const range = new StaticRange({ startContainer: node, startOffset: begin, endContainer: node, endOffset: end });
    const highlight = CSS.highlights.get(`code-${kind}`) ?? new Highlight();
    CSS.highlights.set(`code-${kind}`, highlight.add(range));
    return [highlight, range];
  });
  return () => painted.forEach(([highlight, range]) => highlight.delete(range));
}

/** From the end on, so that the places before stay where they are. */
function wrap(code, runs) {
  for (const { node, begin, end, kind } of [...placed(code, runs)].reverse()) {
    const span = document.createElement("span");
    span.className = `code-${kind}`;
    const part = node.splitText(begin);
    part.splitText(end - begin);
    part.replaceWith(span);
    span.append(part);
  }
  return () => {};
}

/** The runs cut up by the pieces in which code is laid out; both stand in order. */
function* placed(code, runs) {
  let offset = 0;
  let next = 0;
  for (const piece of code.children) {
    const node = piece.firstChild;
    const length = node?.data.length ?? 0;
    for (; next < runs.length && runs[next][0] < offset + length; next++) {
      const [begin, end, kind] = runs[next];
      yield { node, begin: Math.max(begin - offset, 0), end: Math.min(end - offset, length), kind };
      if (end > offset + length) break;
    }
    offset += length;
  }
}
