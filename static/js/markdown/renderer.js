// Shows a growing text as markdown: reads only its open end anew, and rebuilds only what changed.
// At its end it is read once as a whole, so that what stays is exactly what a single reading gives.

import { t } from "../lib/i18n.js";
import { blocksOf, lastHeadingLevel, offsetOfLine } from "./blocks.js";
import { build, languageOf } from "./build.js";
import { codeBlock, growCode } from "./code-block.js";
import { parse } from "./grammar.js";

/** Blocks at the end that later text may still change: "1" may become "1. …" and join the list before it. */
const OPEN_BLOCKS = 2;

export class MarkdownRenderer {
  #root;
  #shown = [];
  #settled = { count: 0, offset: 0, level: 1 };
  #source = "";

  constructor(root) {
    this.#root = root;
    root.replaceChildren();
  }

  // Actions

  /** Shows a text that may go on. */
  show(source) {
    if (!source.startsWith(this.#source)) this.#unsettle();
    this.#source = source;
    const { count, offset, level } = this.#settled;
    const rest = source.slice(offset);
    const tokens = parse(rest, level);
    const blocks = blocksOf(tokens);
    this.#put(tokens, blocks, count);
    this.#settle(tokens, blocks, rest);
  }

  /** Shows a text that is whole. */
  finish(source) {
    this.#unsettle();
    this.#source = source;
    const tokens = parse(source);
    this.#put(tokens, blocksOf(tokens), 0);
  }

  // Internal

  #put(tokens, blocks, count) {
    blocks.forEach((block, index) => this.#place(tokens, block, count + index));
    for (const gone of this.#shown.splice(count + blocks.length)) gone.node.remove();
  }

  #place(tokens, block, index) {
    const old = this.#shown[index];
    if (old?.key === block.key) return;
    const token = tokens[block.from];
    const node = old && grewByText(old.token, token) ? old.node : this.#built(tokens, block);
    if (node === old?.node) growCode(node, token.content.slice(old.token.content.length));
    else if (old) old.node.replaceWith(node);
    else this.#root.append(node);
    this.#shown[index] = { key: block.key, token, node };
  }

  /** Every outermost block is one element. */
  #built(tokens, { from, to }) {
    return build(tokens, document.createDocumentFragment(), DRESS, from, to).firstChild;
  }

  #settle(tokens, blocks, rest) {
    const done = blocks.length - OPEN_BLOCKS;
    if (done < 1) return;
    const { count, offset, level } = this.#settled;
    this.#settled = {
      count: count + done,
      offset: offset + offsetOfLine(rest, blocks[done].line),
      level: lastHeadingLevel(tokens, blocks[done].from, level),
    };
  }

  #unsettle() {
    this.#settled = { count: 0, offset: 0, level: 1 };
  }
}

const DRESS = {
  code: codeBlock,
  table: tableBox,
  get image() {
    return t("Picture");
  },
};

function tableBox() {
  const box = document.createElement("div");
  box.className = "tbl";
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", t("Table"));
  return box;
}

function grewByText(before, after) {
  return before.type === "fence" && after.type === "fence" && languageOf(before) === languageOf(after) && after.content.startsWith(before.content);
}
