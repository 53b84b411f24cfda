// The JSON interface: one request, its answer or one kind of failure with a sentence for people.

import { t } from "./i18n.js";

export class RequestFailed extends Error {
  /** @param {{status: number, code: string, message: string}} facts  status 0: nobody answered */
  constructor({ status, code, message }) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get isSignedOut() {
    return this.status === 401;
  }
}

/** What a browser still sends for a page that is gone. */
const MOST_KEPT_ALIVE = 60_000;

/** @returns {Promise<any>} the JSON of the answer, or null where it has none. `outlives`: also when the page is left */
export async function request(method, path, body, outlives = false) {
  const response = await ask(method, path, body, outlives);
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw new RequestFailed({
    status: response.status,
    code: answer?.error?.code ?? "unknown",
    message: firstField(answer?.error) ?? answer?.error?.message ?? sentenceFor(response.status),
  });
}

async function ask(method, path, body, outlives) {
  const options = { method, credentials: "same-origin", headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
    options.keepalive = outlives && options.body.length * 3 < MOST_KEPT_ALIVE;
  }
  try {
    return await fetch(path, options);
  } catch {
    throw new RequestFailed({ status: 0, code: "unreachable", message: t("Celadon can't be reached. Check your connection; your text is kept.") });
  }
}

function firstField(error) {
  return Object.values(error?.fields ?? {})[0];
}

function sentenceFor(status) {
  if (status === 401) return t("Please sign in again. What you wrote is kept.");
  return t("That did not work. Your text is kept; try again in a moment.");
}
