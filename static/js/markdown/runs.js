// What highlight.js finds in code, as flat runs [begin, end, kind]: no HTML, so that a worker can send them.

/** The five colours there are, by the scopes that highlight.js knows. */
const KINDS = {
  keyword: "key", "meta keyword": "key", "template-tag": "key", name: "key", "selector-tag": "key",
  string: "str", regexp: "str", addition: "str", "char": "str",
  number: "num", literal: "num", variable: "num", symbol: "num", "selector-class": "num", "template-variable": "num", bullet: "num",
  comment: "com", doctag: "com", meta: "com", quote: "com", deletion: "com",
  built_in: "fn", type: "fn", title: "fn", attr: "fn", attribute: "fn", section: "fn", "selector-id": "fn", property: "fn",
};

/** An emitter for highlight.js; what is inside of what counts by its innermost scope. */
export class Runs {
  runs = [];
  length = 0;
  #scopes = [];

  constructor(options) {
    this.options = options;
  }

  addText(text) {
    if (!text) return;
    const kind = KINDS[(this.#scopes.at(-1) ?? "").split(".")[0]];
    if (kind) this.runs.push([this.length, this.length + text.length, kind]);
    this.length += text.length;
  }

  startScope(scope) {
    this.#scopes.push(scope);
  }

  endScope() {
    this.#scopes.pop();
  }

  openNode(scope) {
    this.startScope(scope);
  }

  closeNode() {
    this.endScope();
  }

  __addSublanguage(emitter) {
    for (const [begin, end, kind] of emitter.runs) this.runs.push([this.length + begin, this.length + end, kind]);
    this.length += emitter.length;
  }

  finalize() {}

  toHTML() {
    return "";
  }
}

/** The runs of a text in a language; none where the language is unknown. */
export function runsOf(highlighter, text, language) {
  if (!highlighter.getLanguage(language)) return [];
  highlighter.configure({ __emitter: Runs });
  return highlighter.highlight(text, { language, ignoreIllegals: true })._emitter.runs;
}
