// The rule for items that are to be done: "- [ ] …" and "- [x] …".

const MARK = /^\[([ xX])\][ \t]+/;

export function tasks(grammar) {
  grammar.core.ruler.after("inline", "tasks", mark);
}

function mark({ tokens }) {
  for (let index = 2; index < tokens.length; index++) {
    const [item, paragraph, inline] = tokens.slice(index - 2, index + 1);
    if (item.type !== "list_item_open" || paragraph.type !== "paragraph_open" || inline.type !== "inline") continue;
    const [first] = inline.children;
    const [whole, sign] = (first?.type === "text" && MARK.exec(first.content)) || [];
    if (!whole) continue;
    first.content = first.content.slice(whole.length);
    item.attrSet("class", sign === " " ? "task" : "task done");
  }
}
