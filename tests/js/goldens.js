// The cases that hold the two renderers together: "=== name", the text, "--->", the elements it must become.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const FOLDER = new URL("../markdown/", import.meta.url);
const CASE = /^=== (.+)\n([\s\S]*?)\n--->\n([\s\S]*?)\n(?=^=== |$(?![\s\S]))/gm;

/** @returns {{file: string, name: string, source: string, expected: string}[]} */
export function goldens() {
  return files().flatMap((file) =>
    [...read(file).matchAll(CASE)].map(([, name, source, expected]) => ({ file, name, source, expected: expected.trimEnd() })),
  );
}

/** Writes what is shown now as what is expected: `node tests/js/goldens.js`, and then look at the difference. */
export function write(shown) {
  for (const file of files()) {
    const text = read(file).replace(CASE, (_, name, source) => `=== ${name}\n${source}\n--->\n${shown(source)}\n\n`);
    writeFileSync(new URL(file, FOLDER), text);
  }
}

function files() {
  return readdirSync(FOLDER).filter((file) => file.endsWith(".txt")).sort();
}

function read(file) {
  return readFileSync(new URL(file, FOLDER), "utf-8");
}
