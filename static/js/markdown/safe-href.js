// The one place that decides where a link of a message may lead. The server decides alike (rendering/links.py).

/** What the grammar has made of an address: no white space and no letter beyond ASCII is left in it. */
const WEB = /^https?:\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:[/?#][^\s\\]*)?$/i;
const MAIL = /^mailto:[^\s\\/@]+@[^\s\\/@]+$/i;

/** @returns {{href: string, host: string} | null}  the host is "" for mail; null: no link. A name before an @ hides who is meant. */
export function safeHref(address) {
  const web = WEB.exec(address);
  if (web) return { href: address, host: web[1].toLowerCase() };
  return MAIL.test(address) ? { href: address, host: "" } : null;
}
