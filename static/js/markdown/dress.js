// The elements that the text of an answer is made of, each dressing itself in the page's language.

import { CodeBlock } from "../elements/code-block.js";
import { MathText } from "../elements/math-text.js";
import { TableBox } from "../elements/table-box.js";

export { pasted } from "./pasted.js";

customElements.define("code-block", CodeBlock);
customElements.define("table-box", TableBox);
customElements.define("math-text", MathText);
