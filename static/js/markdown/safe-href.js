// The one place that decides where a link of a message may lead.

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** @returns {string | null} a whole address, or null: no link. Relative addresses lead nowhere sensible. */
export function safeHref(address) {
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
