// Asks now and then what happened elsewhere: a title that was found, an answer that ended while nobody looked.

import { request } from "../lib/api.js";

const TITLE_MOMENTS = [600, 1500, 3000, 6000, 12_000];
const PAUSE = 20_000;

/** Looks a few times: the first title may still be the question itself. @param {string} since  ISO time of the server */
export async function awaitTitles(since, found, ask = request, pause = wait) {
  for (const milliseconds of TITLE_MOMENTS) {
    await pause(milliseconds);
    const titles = (await activity(since, ask))?.titles ?? [];
    if (titles.length) found(titles);
  }
}

/**
 * Tells every 20 s what happened since the last time, and at once when the page is looked at again.
 * @param {string} since  ISO time of the server
 * @param {() => boolean} isWanted  asked while the page is hidden: whether somebody still waits for something
 */
export function watchActivity(since, told, isWanted, ask = request, page = document) {
  const look = async () => {
    if (page.hidden && !isWanted()) return;
    const found = await activity(since, ask);
    if (found) since = found.now;
    if (found) told(found);
  };
  setInterval(look, PAUSE);
  page.addEventListener("visibilitychange", () => page.hidden || look());
}

async function activity(since, ask) {
  return ask("GET", `/api/v1/activity?since=${encodeURIComponent(since)}`).catch(() => null);
}

function wait(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
