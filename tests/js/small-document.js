// As much of a document as the builder needs, so that its grammar is tested without a browser.

class SmallNode {
  childNodes = [];
  parentNode = null;

  append(...pieces) {
    for (const piece of pieces) {
      const node = typeof piece === "string" ? new SmallText(piece) : piece;
      node.parentNode = this;
      this.childNodes.push(node);
    }
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

  get outer() {
    return this.data.replace(/[<>&]/g, (sign) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;" })[sign]);
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

  set className(value) {
    this.attributes.class = value;
  }

  get outer() {
    const attributes = Object.entries(this.attributes).map(([name, value]) => ` ${name}="${value}"`);
    return `<${this.tag}${attributes.join("")}>${this.inner}</${this.tag}>`;
  }
}

export const smallDocument = {
  createElement: (tag) => new SmallElement(tag),
};
