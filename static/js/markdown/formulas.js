// Formulas as MathML, drawn by Temml, which is fetched when there is one. What it makes is looked over before it is shown.

import { scriptUrl } from "../lib/script-url.js";

const ELEMENTS = new Set(
  ("math semantics mrow mi mo mn ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts " +
    "mprescripts none mtable mtr mtd mlabeledtr mstyle mpadded mphantom menclose merror maction").split(" "),
);
const ATTRIBUTES =
  /^(?:class|style|display|displaystyle|scriptlevel|mathvariant|mathsize|mathcolor|mathbackground|stretchy|fence|separator|form|largeop|movablelimits|symmetric|accent|accentunder|lspace|rspace|minsize|maxsize|width|height|depth|voffset|linethickness|columnalign|rowalign|columnspacing|rowspacing|columnlines|rowlines|frame|framespacing|equalrows|equalcolumns|side|notation|subscriptshift|superscriptshift|dir|intent|arg)$/;
const LONGEST = 5000;

let drawing = null;

/** @returns {Promise<Element | null>}  null: it can't be drawn, its source is what there is */
export async function drawn(source, isDisplay) {
  if (source.length > LONGEST) return null;
  const temml = await (drawing ??= fetched());
  if (!temml) return null;
  const box = document.createElement("span");
  try {
    temml.render(source, box, { displayMode: isDisplay, throwOnError: true, trust: false, maxExpand: 200, maxSize: [20, 20] });
  } catch {
    return null;
  }
  return box.firstElementChild && isHarmless(box.firstElementChild) ? box.firstElementChild : null;
}

function isHarmless(element) {
  const all = [element, ...element.querySelectorAll("*")];
  return all.every(({ localName, attributes }) => ELEMENTS.has(localName) && [...attributes].every(({ name }) => ATTRIBUTES.test(name)));
}

function fetched() {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = scriptUrl("vendor/temml.js");
    script.onload = () => resolve(globalThis.temml);
    script.onerror = () => {
      drawing = null;
      resolve(null);
    };
    document.head.append(script);
  });
}
