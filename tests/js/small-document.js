// As much of a document as the builder and the renderer need, so that they are tested without a browser.

const VOID = new Set(["br", "hr"]);

class SmallNode {
  childNodes = [];
  parentNode = null;

  get firstChild() {
    return this.childNodes[0] ?? null;
  }

  get children() {
    return this.childNodes.filter((node) => node instanceof SmallElement);
  }

  append(...pieces) {
    for (const piece of pieces.flatMap(contentOf)) {
      piece.remove();
      piece.parentNode = this;
      this.childNodes.push(piece);
    }
  }

  replaceChildren(...pieces) {
    for (const node of [...this.childNodes]) node.remove();
    this.append(...pieces);
  }

  replaceWith(node) {
    const { parentNode } = this;
    node.remove();
    parentNode.childNodes[parentNode.childNodes.indexOf(this)] = node;
    node.parentNode = parentNode;
    this.parentNode = null;
  }

  remove() {
    const siblings = this.parentNode?.childNodes;
    siblings?.splice(siblings.indexOf(this), 1);
    this.parentNode = null;
  }

  querySelector(tag) {
    for (const node of this.children) {
      const found = node.tag === tag ? node : node.querySelector(tag);
      if (found) return found;
    }
    return null;
  }

  /** No element settles here. */
  querySelectorAll() {
    return [];
  }

  get inner() {
    return this.childNodes.map((node) => node.outer).join("");
  }
}

class SmallText extends SmallNode {
  constructor(data) {
    super();
    this.data = data;
  }

  appendData(more) {
    this.data += more;
  }

  get outer() {
    return escaped(this.data, /[<>&]/g);
  }
}

class SmallElement extends SmallNode {
  attributes = {};

  constructor(tag) {
    super();
    this.tag = tag;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  get outer() {
    const attributes = Object.entries(this.attributes).map(([name, value]) => ` ${name}="${escaped(value, /[<>&"]/g)}"`);
    return `<${this.tag}${attributes.join("")}>${VOID.has(this.tag) ? "" : `${this.inner}</${this.tag}>`}`;
  }
}

class SmallFragment extends SmallNode {}

function contentOf(piece) {
  if (piece instanceof SmallFragment) return [...piece.childNodes];
  return [typeof piece === "string" ? new SmallText(piece) : piece];
}

function escaped(text, signs) {
  return text.replace(signs, (sign) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" })[sign]);
}

export const smallDocument = {
  createElement: (tag) => new SmallElement(tag),
  createTextNode: (text) => new SmallText(text),
  createDocumentFragment: () => new SmallFragment(),
};
