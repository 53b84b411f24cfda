// Before a person leaves this browser: what it alone has goes to the server, and then what it keeps of them goes.

import { request } from "../lib/api.js";
import { keep } from "../lib/store.js";
import { Drafts } from "./drafts.js";
import { Outbox } from "./outbox.js";

/** What the server doesn't take stays here. */
export async function handOver(person, ask = request) {
  const drafts = new Drafts(person);
  const refused = ({ conversation, text, model }) => drafts.add(conversation, text, model);
  await new Outbox(person, ask).deliver({ found() {}, sent() {}, stuck() {}, refused });
  for (const place of drafts.all) {
    const draft = drafts.read(place);
    if (draft?.isKept || (await isTaken(place, draft, ask))) drafts.forget(place);
  }
  keep("celadon.model", null);
}

async function isTaken(place, draft, ask) {
  const address = `/api/v1/drafts/${place}`;
  const put = (body) => ask("PUT", address, body).then(() => true);
  const { text = "", model, seen = null } = draft ?? {};
  return put({ text, model, replaces: seen }).catch(async ({ code }) => {
    // Another device has a text of its own: both are kept in one.
    if (code !== "draft_changed") return false;
    const there = await ask("GET", address);
    return put({ text: [there.text, text].filter(Boolean).join("\n\n"), model });
  }).catch(() => false);
}
