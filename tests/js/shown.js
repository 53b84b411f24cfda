// Markdown as the browser shows it, written as HTML. As a program: a JSON list of texts in, one of HTML out.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { build } from "../../static/js/markdown/build.js";
import { parse } from "../../static/js/markdown/grammar.js";
import { smallDocument } from "./small-document.js";

export function shown(source, prefix = "m-") {
  return build(parse(source), smallDocument.createElement("root"), prefix, undefined, undefined, smallDocument).inner;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map((source) => shown(source))));
}
