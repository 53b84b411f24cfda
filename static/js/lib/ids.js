// Names made in the browser; crypto.randomUUID doesn't exist on a plain-http network.

/** 32 lower-case hex characters. */
export function clientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
