// The browser's own notification that an answer is ready. Only for who asked for it and allowed it.

import { t } from "../lib/i18n.js";

/** @param {string} title  of the conversation  @param {string} conversation  a newer one takes the place of an older */
export function notify(title, conversation) {
  if (!isSecureContext || window.Notification?.permission !== "granted") return;
  try {
    const shown = new Notification(t("Your answer is ready"), { body: title, tag: conversation });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  } catch {
    // Some phones have the name and not the thing; the tab has its mark.
  }
}
