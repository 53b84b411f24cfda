// The cells of a table as text, for programs that calculate. No cell becomes a formula of theirs.

const NUMBER = /^[-+]?[\d.,\s%]+$/;
/** A program would calculate what begins like this (OWASP: CSV injection). */
const CALCULATES = /^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/;

/** @param {Element} table  @returns {string[][]} */
export function cellsOf(table) {
  return [...table.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent.trim().replace(/\s+/g, " ")));
}

/** With tabs between: what a spreadsheet takes from the clipboard. */
export function toTabs(cells) {
  return cells.map((row) => row.map(harmless).join("\t")).join("\n");
}

/** As RFC 4180 has it, with the mark by which Excel knows UTF-8. */
export function toCsv(cells) {
  return `\ufeff${cells.map((row) => row.map((cell) => quoted(harmless(cell))).join(",")).join("\r\n")}\r\n`;
}

function harmless(cell) {
  return CALCULATES.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

function quoted(cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
