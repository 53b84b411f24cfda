// What to say while an answer is on its way. Pure words and seconds.

import { t, tn } from "../lib/i18n.js";

const PATIENCE = 8;

const NOTICES = {
  waiting: () => t("is waiting for its turn"),
  other_model: ({ model }) => t("is not available; asking %(model)s", { model }),
  slow: () => t("takes its time with this one"),
  retrying: ({ seconds }) => (seconds ? t("is busy; trying again in %(seconds)s s", { seconds: Math.ceil(seconds) }) : t("is busy; trying again")),
};

/** Before the first word, after the name of the model: what it does, and for how long when that gets long. */
export function waitingWords(seconds, notice) {
  const known = Object.hasOwn(NOTICES, notice?.code) ? NOTICES[notice.code](notice) : null;
  if (known) return known;
  return seconds < PATIENCE ? t("is reading…") : t("is reading… still waiting (%(seconds)s s)", { seconds });
}

export function thinkingWords(seconds) {
  return !seconds ? t("Thinking…") : t("Thinking… %(seconds)s s", { seconds });
}

/** @param {number | null} seconds  null when it wasn't watched from the beginning */
export function thoughtWords(seconds) {
  return seconds === null ? t("Thoughts") : tn("Thought for %(n)s second", "Thought for %(n)s seconds", Math.max(1, seconds));
}
