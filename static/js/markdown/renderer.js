// Shows a growing text as markdown. Only its open end is read anew: what stands before the last block is settled, and
// so are all but the last items, rows and lines of a long list, table or code. The work of one frame depends on that
// end, never on the length of the answer.

import { blocksOf, isLoose, lastHeadingLevel, loosen, offsetOfLine } from "./blocks.js";
import { build } from "./build.js";
import { decided } from "./decided.js";
import { parse } from "./grammar.js";

/** A list, table or code that is longer than this (in characters) settles from within. */
const LONG = 600;
/** Definitions count for the whole text, wherever they stand, in a quotation or an item too. */
const DEFINES = /^[ \t>*+\-\d.)]{0,40}\[[^\]\n]+\]:/m;

/**
 * What is not read again: `count` blocks, up to `offset`, the last heading being of `level`; and of the block that
 * begins at `begin` the first `frozen` children. `head` must stand before the rest, so that it is read as their like.
 */
const NOTHING = { count: 0, begin: 0, offset: 0, level: 1, frozen: 0, head: "", isLoose: false };

export class MarkdownRenderer {
  #root;
  #prefix;
  #source = "";
  #shown = [];
  #settled = NOTHING;

  /** @param {string} prefix  before the ids of this text */
  constructor(root, prefix = "") {
    this.#root = root;
    this.#prefix = prefix;
    root.replaceChildren();
  }

  // Actions

  /** Shows a text that may go on. */
  show(source) {
    if (!source.startsWith(this.#source)) this.#unsettle(NOTHING);
    this.#source = source;
    this.#read();
  }

  /** Shows a text that is whole. */
  finish(source) {
    if (DEFINES.test(source)) this.#unsettle(NOTHING);
    this.show(source);
    whole(this.#root);
  }

  // Internal

  #read() {
    const { offset, level, head, isLoose: wasLoose } = this.#settled;
    const rest = head + this.#source.slice(offset);
    const tokens = parse(rest, level);
    if (wasLoose) loosen(tokens);
    const blocks = blocksOf(tokens);
    if (!this.#goesOn(tokens, blocks[0])) {
      const { count, begin } = this.#settled;
      this.#unsettle({ ...NOTHING, count, begin, offset: begin, level });
      this.#read();
      return;
    }
    this.#put(tokens, blocks);
    this.#settle(tokens, blocks, rest);
  }

  #unsettle(settled) {
    this.#settled = settled;
    for (const entry of this.#shown.slice(settled.count)) entry.frozen = 0;
  }

  /** Whether the rest is still the end of the block that is partly settled. A list that turns loose is so from its beginning. */
  #goesOn(tokens, first) {
    const { frozen, count, isLoose: wasLoose } = this.#settled;
    if (!frozen) return true;
    if (first?.type !== this.#shown[count].type) return false;
    return wasLoose || !isList(first.type) || !isLoose(tokens, first);
  }

  #put(tokens, blocks) {
    const { count } = this.#settled;
    blocks.forEach((block, index) => this.#place(tokens, block, count + index));
    for (const gone of this.#shown.splice(count + blocks.length)) gone.node.remove();
  }

  #place(tokens, block, index) {
    const old = this.#shown[index];
    if (old?.key === block.key && !old.frozen) return;
    if (old && old.type === block.type && (old.frozen || (block.children && old.frame === block.frame))) {
      this.#grow(tokens, block, old);
      return;
    }
    const node = this.#built(tokens, block);
    if (old) old.node.replaceWith(node);
    else this.#root.append(node);
    this.#shown[index] = entryOf(block, node);
  }

  /** Changes only the children that are not what they were. */
  #grow(tokens, block, old) {
    const known = old.children;
    block.children.forEach((child, index) => {
      const place = old.frozen + index;
      if (known[place]?.key === child.key || wentOn(child, known[place])) return;
      const node = child.to ? this.#built(tokens, child) : pieceOfCode(child.key);
      if (known[place]) known[place].node.replaceWith(node);
      else old.box.append(node);
      known[place] = { key: child.key, node };
    });
    for (const gone of known.splice(old.frozen + block.children.length)) gone.node.remove();
    old.key = block.key;
  }

  /** Every outermost block is one element, and so is every item and row. */
  #built(tokens, { from, to }) {
    return build(tokens, document.createDocumentFragment(), this.#prefix, from, to).firstChild;
  }

  #settle(tokens, blocks, rest) {
    const inText = blocks.filter(({ line }) => line >= 0);
    const last = inText.length - 1;
    if (last < 0) return;
    const { line, isWhole } = decided(rest);
    const open = Math.max(inText.findLastIndex((block) => block.line <= line), 0);
    // Where the rest begins in the source, the head not counted.
    const origin = this.#settled.offset - this.#settled.head.length;
    const begin = open > 0 ? this.#moveOn(tokens, inText[open], open, rest, origin) : 0;
    if (isWhole && open === last && rest.length - begin > LONG) this.#freeze(tokens, inText[last], begin, rest, origin);
  }

  /** Settles so many blocks; gives where the one after them begins in the rest. */
  #moveOn(tokens, block, steps, rest, origin) {
    const { count, level } = this.#settled;
    for (const { node } of this.#shown.slice(count, count + steps)) whole(node);
    const next = offsetOfLine(rest, block.line);
    const offset = origin + next;
    this.#settled = { ...NOTHING, count: count + steps, begin: offset, offset, level: lastHeadingLevel(tokens, block.from, level) };
    return next;
  }

  /** Settles all but the end of one long block, which begins there in the rest. */
  #freeze(tokens, block, begin, rest, origin) {
    const { type, line, children = [] } = block;
    const kept = type === "fence" ? 1 : 2;
    if (!(type in LINES_OF_HEAD) || children.length <= kept) return;
    const entry = this.#shown[this.#settled.count];
    entry.frozen += children.length - kept;
    this.#settled = {
      ...this.#settled,
      offset: origin + offsetOfLine(rest, children.at(-kept).line),
      head: rest.slice(begin, offsetOfLine(rest, line + LINES_OF_HEAD[type])),
      frozen: entry.frozen,
      isLoose: this.#settled.isLoose || (isList(type) && isLoose(tokens, block)),
    };
  }
}

/** What can settle from within, and how many of its lines say what it is. */
const LINES_OF_HEAD = { bullet_list_open: 0, ordered_list_open: 0, table_open: 2, fence: 1 };

function entryOf({ type, frame, key, children }, node) {
  const box = children && (isList(type) ? node : node.querySelector(type === "table_open" ? "tbody" : "code"));
  return { type, frame, key, node, box, frozen: 0, children: children?.map((child, place) => ({ key: child.key, node: box.children[place] })) };
}

/** Code that only grew keeps its node, and with it what is selected there. */
function wentOn(child, known) {
  if (child.to || !known || !child.key.startsWith(known.key)) return false;
  known.node.firstChild.appendData(child.key.slice(known.key.length));
  known.key = child.key;
  return true;
}

function pieceOfCode(text) {
  const piece = document.createElement("span");
  piece.append(document.createTextNode(text));
  return piece;
}

/** Code and formulas in it change no more, and may be coloured and drawn. */
function whole(node) {
  for (const element of [node, ...node.querySelectorAll("code-block, math-text")]) element.settle?.();
}

function isList(type) {
  return type.endsWith("_list_open");
}
