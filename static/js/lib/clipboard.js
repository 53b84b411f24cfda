// Copying, also where the page came over plain http and has no clipboard of its own.

/** @param {{text: string, html?: string}} what  html: the same for programs that take more than words */
export async function copy({ text, html = "" }) {
  if (navigator.clipboard) {
    try {
      await write(text, html);
      return true;
    } catch {
      // Refused by the person or by policy: the old way may still work.
    }
  }
  return copyBySelection(text, html);
}

function write(text, html) {
  if (!html || !globalThis.ClipboardItem) return navigator.clipboard.writeText(text);
  const blob = (content, type) => new Blob([content], { type });
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob(text, "text/plain"), "text/html": blob(html, "text/html") })]);
}

function copyBySelection(text, html) {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "vh";
  area.readOnly = true;
  (before?.closest("dialog") ?? document.body).append(area);
  area.select();
  if (html) area.addEventListener("copy", (event) => fill(event, text, html));
  const done = document.execCommand("copy");
  area.remove();
  before?.focus({ preventScroll: true });
  return done;
}

function fill(event, text, html) {
  event.clipboardData.setData("text/plain", text);
  event.clipboardData.setData("text/html", html);
  event.preventDefault();
}
