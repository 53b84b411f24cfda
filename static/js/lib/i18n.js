// Words in the person's language; the message itself is the key, so English needs no catalogue.

let words = {};
let plural = new Intl.PluralRules("en");
let forms = ["one", "other"];

/** @param {Record<string, string[]>} messages  @param {string} tag  a BCP 47 language tag */
export function speak(messages, tag) {
  words = messages;
  plural = new Intl.PluralRules(tag);
  forms = plural.resolvedOptions().pluralCategories;
}

export function t(message, values = {}) {
  return fill(words[message]?.[0] ?? message, values);
}

/** The form for `count`, which is also filled in as `%(n)s`. */
export function tn(one, many, count) {
  const known = words[one];
  const message = known ? known[Math.max(0, forms.indexOf(plural.select(count)))] ?? known.at(-1) : count === 1 ? one : many;
  return fill(message, { n: count });
}

/** Reads the block that the server wrote into the page. */
export function speakAsPage(page = document) {
  const block = page.getElementById("i18n");
  speak(block ? JSON.parse(block.textContent) : {}, page.documentElement.lang || "en");
}

function fill(message, values) {
  return message.replace(/%\((\w+)\)s/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}
