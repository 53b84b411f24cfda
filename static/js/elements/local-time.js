// A moment in the reader's own time: the hour today, with the day otherwise.

export class LocalTime extends HTMLElement {
  static observedAttributes = ["datetime"];

  // Lifecycle

  attributeChangedCallback() {
    const moment = new Date(this.getAttribute("datetime"));
    if (Number.isNaN(moment.getTime())) return;
    const time = document.createElement("time");
    time.dateTime = moment.toISOString();
    time.textContent = this.#format(moment);
    time.title = moment.toLocaleString(this.#tag);
    this.replaceChildren(time);
  }

  // Internal

  #format(moment) {
    const isToday = moment.toDateString() === new Date().toDateString();
    return isToday
      ? moment.toLocaleTimeString(this.#tag, { hour: "numeric", minute: "2-digit" })
      : moment.toLocaleString(this.#tag, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
  }

  get #tag() {
    return document.documentElement.lang;
  }
}
