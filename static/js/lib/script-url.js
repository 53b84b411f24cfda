// The one place that makes an address from which a script may be run: our own files, and no others.

const policy = globalThis.trustedTypes?.createPolicy("app-url", { createScriptURL: checked });

/** @param {string} path  of a file, from the folder static/ on */
export function scriptUrl(path) {
  const address = new URL(`../../${path}`, import.meta.url).href;
  return policy ? policy.createScriptURL(address) : checked(address);
}

function checked(address) {
  const { origin, pathname } = new URL(address, import.meta.url);
  if (origin !== new URL(import.meta.url).origin || !pathname.startsWith("/assets/")) throw new TypeError("not one of our scripts");
  return address;
}
