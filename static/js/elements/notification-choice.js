// The choice of being told: ticking it asks the browser for its permission, and says what came of that.

import { t } from "../lib/i18n.js";
import { part } from "../lib/parts.js";

export class NotificationChoice extends HTMLElement {
  // Lifecycle

  connectedCallback() {
    this.#box.addEventListener("change", () => this.#ask());
    if (this.#box.checked) this.#say();
  }

  // Internal

  async #ask() {
    if (this.#box.checked && isSecureContext && Notification.permission === "default") await Notification.requestPermission();
    this.#say();
  }

  #say() {
    part(this, "permission").textContent = this.#box.checked ? this.#words : "";
  }

  get #words() {
    if (!isSecureContext || !("Notification" in window)) return t("This browser shows no notifications here, because the address is not https. The tab still gets a mark.");
    if (Notification.permission === "denied") return t("This browser does not allow notifications from Celadon. You can change that in its settings for this site.");
    return "";
  }

  get #box() {
    return this.querySelector("input");
  }
}
