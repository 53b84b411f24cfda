// One draft in the browser and on the server: what each side does when the other has changed.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { DraftKeeper } from "../../static/js/chat/draft-keeper.js";
import { Drafts } from "../../static/js/chat/drafts.js";
import { settled } from "./small-world.js";

/** As much of the server as drafts need: marks that count up, and 409 for who comes late. */
class Server {
  drafts = new Map();
  calls = [];
  #mark = 0;

  ask = async (method, path, body) => {
    this.calls.push(body ? `${method} ${body.text}` : method);
    if (this.gate) await this.gate;
    const here = this.drafts.get(path) ?? { text: "", model: null, updated_at: null };
    if (this.isAway) throw Object.assign(new Error("away"), { status: 0 });
    if (method === "GET") return here;
    if (body.replaces !== undefined && body.replaces !== here.updated_at) throw Object.assign(new Error("late"), { code: "draft_changed" });
    return this.put(path, body);
  };

  put(path, { text, model = null }) {
    const draft = text ? { text, model, updated_at: `mark ${++this.#mark}` } : { text: "", model: null, updated_at: null };
    this.drafts.set(path, draft);
    return draft;
  }
}

class Box {
  text = "";
  model = "m";
  other = null;
  read = () => ({ text: this.text, model: this.model });
  take = ({ text, model }) => Object.assign(this, { text, model: model ?? this.model });
  offer = (other) => (this.other = other?.text ?? null);
}

const PLACE = "/api/v1/drafts/c1";
let server;

beforeEach(() => {
  const kept = new Map();
  // Object.keys gives the names, as with the browser's own.
  globalThis.localStorage = new Proxy({}, {
    get: (_, name) => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) })[name],
    ownKeys: () => [...kept.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
  server = new Server();
});

function page(place = "c1") {
  const box = new Box();
  const drafts = new Drafts("lin");
  box.text = drafts.text(place);
  return { box, drafts, keeper: new DraftKeeper(drafts, place, box, server.ask) };
}

function type({ box, keeper }, text) {
  box.text = text;
  return keeper.write();
}

const there = (place = PLACE) => server.drafts.get(place)?.text ?? "";

test("what is typed is on the server, the last of it, one request at a time", async () => {
  const here = page();
  let open;
  server.gate = new Promise((done) => (open = done));
  type(here, "a");
  type(here, "ab");
  const last = type(here, "abc");
  assert.deepEqual(server.calls, ["PUT a"]);
  open();
  await last;
  assert.deepEqual([server.calls, there()], [["PUT a", "PUT abc"], "abc"]);
});

test("an emptied box empties the server", async () => {
  const here = page();
  await type(here, "a");
  await type(here, "");
  assert.equal(there(), "");
  assert.equal(here.drafts.read("c1"), null);
});

test("what another device wrote is taken where nothing was typed", async () => {
  const here = page();
  await type(here, "a");
  server.put(PLACE, { text: "theirs" });
  await here.keeper.compare();
  assert.deepEqual([here.box.text, here.box.other], ["theirs", null]);
});

test("what another device sent is gone here, too, where nothing was typed", async () => {
  const here = page();
  await type(here, "a");
  server.put(PLACE, { text: "" });
  await here.keeper.compare();
  assert.equal(here.box.text, "");
});

test("where both typed, mine stays, theirs is offered, and nothing is overwritten until I decide", async () => {
  const here = page();
  server.put(PLACE, { text: "theirs" });
  await type(here, "mine");
  await type(here, "mine, too");
  assert.deepEqual([here.box.text, here.box.other, there()], ["mine, too", "theirs", "theirs"]);
  await here.keeper.insert();
  assert.deepEqual([here.box.text, here.box.other, there()], ["mine, too\n\ntheirs", null, "mine, too\n\ntheirs"]);
});

test("an offer that was not answered stands again after a reload", async () => {
  server.put(PLACE, { text: "theirs" });
  await type(page(), "mine");
  const again = page();
  await again.keeper.compare();
  assert.deepEqual([again.box.text, again.box.other], ["mine", "theirs"]);
});

test("a sent message leaves nothing, also where its draft was still on its way", async () => {
  const here = page();
  let open;
  server.gate = new Promise((done) => (open = done));
  type(here, "question");
  here.box.text = "";
  const resting = here.keeper.rest(0);
  await resting;
  here.keeper.sent();
  open();
  await settled();
  await here.keeper.write();
  assert.deepEqual([there(), here.drafts.read("c1")], ["", null]);
});

test("a message waits for its draft, but not for long", async () => {
  const here = page();
  server.gate = new Promise(() => {});
  type(here, "question");
  const began = Date.now();
  await here.keeper.rest(30);
  assert.ok(Date.now() - began < 1000);
});

test("what was offered is not lost when mine is sent", async () => {
  const here = page();
  server.put(PLACE, { text: "theirs" });
  await type(here, "mine");
  server.put(PLACE, { text: "" });
  here.box.text = "";
  here.keeper.sent();
  await settled();
  assert.deepEqual([here.box.text, there()], ["theirs", "theirs"]);
});

test("what was typed while the server was away goes there after the next start", async () => {
  server.isAway = true;
  await type(page(), "in a tunnel");
  server.isAway = false;
  const again = page();
  await again.keeper.compare();
  assert.deepEqual([again.box.text, there()], ["in a tunnel", "in a tunnel"]);
});

test("a draft moves into the conversation that was made of it", async () => {
  const here = page("");
  await type(here, "first words");
  here.keeper.move("c1");
  await type(here, "first words, refused");
  assert.deepEqual([there(), there("/api/v1/drafts/new")], ["first words, refused", ""]);
});

test("another model is news", async () => {
  const here = page();
  await type(here, "a");
  here.box.model = "n";
  await here.keeper.write();
  assert.equal(server.drafts.get(PLACE).model, "n");
});
