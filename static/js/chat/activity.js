// Asks now and then what happened elsewhere: a title that was found, an answer that ended while nobody looked.

import { request } from "../lib/api.js";

const TITLE_MOMENTS = [600, 1500, 3000, 6000, 12_000];
const HIDDEN_PAUSE = 20_000;

/** Looks a few times: the first title may still be the question itself. @param {string} since  ISO time of the server */
export async function awaitTitles(since, found, ask = request, pause = wait) {
  for (const milliseconds of TITLE_MOMENTS) {
    await pause(milliseconds);
    const titles = (await activity(since, ask))?.titles ?? [];
    if (titles.length) found(titles);
  }
}

/** While the page is hidden: calls `ended` once one of `ids` has finished. @returns {() => void} stop looking */
export function watchWhileHidden(ids, since, ended, ask = request) {
  const timer = setInterval(async () => {
    const finished = (await activity(since, ask))?.finished ?? [];
    if (!finished.some((id) => ids.includes(id))) return;
    clearInterval(timer);
    ended();
  }, HIDDEN_PAUSE);
  return () => clearInterval(timer);
}

async function activity(since, ask) {
  return ask("GET", `/api/v1/activity?since=${encodeURIComponent(since)}`).catch(() => null);
}

function wait(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
