// What to say under an answer that didn't simply end well. The same sentences as templates/chat/_ending.html.

import { t } from "../lib/i18n.js";

/** @returns {{kind: "wrong" | "wait" | "quiet", text: string} | null} */
export function ending({ status, finish_reason, error }) {
  if (finish_reason === "content_filter") return { kind: "wrong", text: t("The service declined this request. Try other words.") };
  if (status === "stopped") return { kind: "quiet", text: t("You stopped this answer.") };
  if (status === "failed") return { kind: "wrong", text: error?.message ?? t("This did not work. Your message is safe; please ask again.") };
  if (status === "interrupted") return { kind: "wait", text: error?.message ?? t("The answer broke off here. What came is kept; ask again for the rest.") };
  if (finish_reason === "length") return { kind: "wait", text: t("The answer reached its length limit. Ask for the rest to read on.") };
  return null;
}
