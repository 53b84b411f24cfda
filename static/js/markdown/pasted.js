// What is shown, as HTML for a clipboard: plain elements that Word, Outlook, WPS and Excel know, and MathML for formulas.

/** Attributes of old: what is pasted into knows them, and the policy of pages forbids styles. */
const TABLE = { border: "1", cellspacing: "0", cellpadding: "6" };
/** What is there only for this page, or only for those who listen to it. */
const NOT_PASTED = ".code-head, .table-tools, annotation";
const KEPT = new Set(["href", "start", "display", "mathvariant", "columnalign"]);

/** @param {Element} element  a text, or one table of it */
export function pasted(element) {
  const page = document.implementation.createHTMLDocument("");
  const copy = page.importNode(element, true);
  for (const gone of copy.querySelectorAll(NOT_PASTED)) gone.remove();
  for (const one of copy.querySelectorAll("*")) tidy(one);
  for (const box of copy.querySelectorAll("code-block, table-box, math-text, code > span")) box.replaceWith(...box.childNodes);
  for (const table of copy.matches("table") ? [copy] : copy.querySelectorAll("table")) frame(table);
  const written = new XMLSerializer();
  const nodes = copy.matches("table") ? [copy] : [...copy.childNodes];
  return nodes.map((node) => written.serializeToString(node).replaceAll(' xmlns="http://www.w3.org/1999/xhtml"', "")).join("");
}

/** Numbers stand at the end of their cell as they do here. */
function tidy(element) {
  const align = element.className === "end" ? "right" : element.className === "center" ? "center" : null;
  for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name);
  if (element.getAttribute("href")?.startsWith("#")) element.removeAttribute("href");
  if (align) element.setAttribute("align", align);
}

function frame(table) {
  for (const [name, value] of Object.entries(TABLE)) table.setAttribute(name, value);
}
