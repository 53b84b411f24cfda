// What to say under an answer that didn't simply end well, and the way on. The same as templates/chat/_ending.html.

import { t } from "../lib/i18n.js";

const MINUTE = 60;

/** @returns {{kind: "wrong" | "wait" | "quiet", text: string} | null} */
export function ending({ status, finish_reason, error }) {
  if (finish_reason === "content_filter") return { kind: "wrong", text: t("The service declined this request. Try other words.") };
  if (status === "stopped") return { kind: "quiet", text: t("You stopped this answer.") };
  if (status === "failed") return { kind: "wrong", text: error?.message ?? t("This did not work. Your message is safe; please ask again.") };
  if (status === "interrupted") return { kind: "wait", text: error?.message ?? t("The answer broke off here. What came is kept.") };
  if (finish_reason === "length") return { kind: "wait", text: t("The answer reached its length limit.") };
  return null;
}

/** What the note offers: to go on where there is something to go on from, else to try again. @returns {"continue" | "again" | ""} */
export function wayOn({ status, finish_reason }, hasText) {
  if (hasText && (finish_reason === "length" || status === "stopped" || status === "interrupted")) return "continue";
  return status === "failed" || status === "stopped" || status === "interrupted" ? "again" : "";
}

/** The label of the button that tries again; the seconds are how long the service wants to be left alone. */
export function retryWords(seconds) {
  if (!(seconds > 0)) return t("Try again");
  if (seconds <= 2 * MINUTE) return t("Try again in %(seconds)s s", { seconds: Math.ceil(seconds) });
  return t("Try again in %(minutes)s min", { minutes: Math.ceil(seconds / MINUTE) });
}
