// How far a text that grows is sure to stay what it is.

/** A line that isn't whole and may yet become something else, or a part of the block before it. */
const UNDECIDED = /^ {0,3}(?:#{1,6}|\d{1,9}[.)]?|[-*_+][-*_+ \t]*|`{3,}.*)$/;
/** The begin of a formula over several lines, in which everything else may stand until it ends. */
const FORMULA = /^ {0,3}(?:\$\$|\\\[)/m;

/** The last line at which a block surely begins anew, and whether the text after it can't change what it is. */
export function decided(rest) {
  const blank = rest.lastIndexOf("\n\n");
  const paragraph = blank < 0 ? 0 : blank + 2;
  if (FORMULA.test(rest.slice(paragraph))) return { line: linesIn(rest, paragraph), isWhole: false };
  const lastLine = rest.lastIndexOf("\n") + 1;
  const isWhole = !UNDECIDED.test(rest.slice(lastLine));
  return { line: linesIn(rest, lastLine) - (isWhole ? 0 : 1), isWhole };
}

/** How many lines end before that place. */
function linesIn(text, end) {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
