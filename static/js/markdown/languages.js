// What languages of code are called, and their files.

const NAMES = {
  bash: "Bash", c: "C", cpp: "C++", cs: "C#", csharp: "C#", css: "CSS", csv: "CSV", diff: "Diff", go: "Go", html: "HTML", java: "Java",
  javascript: "JavaScript", js: "JavaScript", json: "JSON", jsx: "JSX", kotlin: "Kotlin", markdown: "Markdown", md: "Markdown", php: "PHP",
  py: "Python", python: "Python", rb: "Ruby", ruby: "Ruby", rust: "Rust", sh: "Shell", shell: "Shell", sql: "SQL", swift: "Swift",
  ts: "TypeScript", tsx: "TSX", typescript: "TypeScript", xml: "XML", yaml: "YAML", yml: "YAML",
};

export function languageName(language) {
  const name = language.toLowerCase();
  return Object.hasOwn(NAMES, name) ? NAMES[name] : language;
}

const ENDINGS = {
  bash: "sh", shell: "sh", csharp: "cs", javascript: "js", kotlin: "kt", markdown: "md", python: "py", ruby: "rb", rust: "rs", typescript: "ts", yaml: "yml",
};

/** The name of a file with code in that language. */
export function fileName(language) {
  const known = Object.hasOwn(NAMES, language) ? language : "txt";
  return `code.${ENDINGS[known] ?? known}`;
}
