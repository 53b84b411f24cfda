// A block of code as the server drew it in a template: its language, a button to copy, a box that scrolls by itself.

import { t } from "../lib/i18n.js";

const NAMES = {
  bash: "Bash", c: "C", cpp: "C++", cs: "C#", csharp: "C#", css: "CSS", csv: "CSV", diff: "Diff", go: "Go", html: "HTML", java: "Java",
  javascript: "JavaScript", js: "JavaScript", json: "JSON", jsx: "JSX", kotlin: "Kotlin", markdown: "Markdown", md: "Markdown", php: "PHP",
  py: "Python", python: "Python", rb: "Ruby", ruby: "Ruby", rust: "Rust", sh: "Shell", shell: "Shell", sql: "SQL", swift: "Swift",
  ts: "TypeScript", tsx: "TSX", typescript: "TypeScript", xml: "XML", yaml: "YAML", yml: "YAML",
};
const LONGEST_NAME = 24;

export function codeBlock(text, language) {
  const piece = document.importNode(document.getElementById("code-template").content, true);
  const name = languageName(language);
  piece.querySelector("figcaption span").textContent = name || t("Code");
  piece.querySelector("pre").setAttribute("aria-label", name ? t("%(language)s code", { language: name }) : t("Code"));
  piece.querySelector("code").append(document.createTextNode(text));
  return piece.querySelector("figure");
}

/** Writes on in a block that only grew at its end. */
export function growCode(figure, more) {
  figure.querySelector("code").firstChild.appendData(more);
}

export function languageName(language) {
  return Object.hasOwn(NAMES, language.toLowerCase()) ? NAMES[language.toLowerCase()] : language.slice(0, LONGEST_NAME);
}
