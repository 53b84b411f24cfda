// Messages that wait: in order, each once, and none lost whatever the answer is.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Outbox, isPassing } from "../../static/js/chat/outbox.js";

const AWAY = Object.assign(new Error("away"), { status: 0 });
const REFUSED = Object.assign(new Error("no"), { status: 422 });

beforeEach(() => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
});

const wish = (text, conversation = "c1", chat = text) => ({ conversation, text, model: "m", ids: { conversation: `chat ${chat}`, message: `message ${text}` } });

/** Answers in turn: an Error is thrown. Then everything is taken. */
function server(...answers) {
  const calls = [];
  const ask = async (_method, path, body) => {
    calls.push(body.text ?? `new ${body.client_id}`);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return path.endsWith("/messages") ? { question: { id: "q" }, answer: { id: "a" } } : { id: "made" };
  };
  return { ask, calls };
}

function listener() {
  const heard = [];
  const hear = (what) => (one) => heard.push(`${what} ${one.text ?? one.message}`);
  return { heard, found: hear("found"), sent: hear("sent"), refused: hear("refused"), stuck: hear("stuck") };
}

test("what is first goes first, and the next waits for it", async () => {
  const { ask, calls } = server(AWAY);
  const outbox = new Outbox("lin", ask);
  for (const text of ["one", "two"]) outbox.add(wish(text));
  const told = listener();
  assert.equal(await outbox.deliver(told), false);
  assert.deepEqual([calls, told.heard], [["one"], ["stuck away"]]);
  assert.equal(await outbox.deliver(told), true);
  assert.deepEqual([calls, outbox.all], [["one", "one", "two"], []]);
});

test("it is there after a reload, for this person alone", () => {
  new Outbox("lin").add(wish("one"));
  assert.deepEqual(new Outbox("lin").of("c1").map(({ text }) => text), ["one"]);
  assert.deepEqual(new Outbox("bob").all, []);
});

test("all of one new chat go into one conversation", async () => {
  const { ask, calls } = server();
  const outbox = new Outbox("lin", ask);
  for (const text of ["one", "two"]) outbox.add(wish(text, ""));
  await outbox.deliver(listener());
  assert.deepEqual(calls, ["new chat one", "one", "two"]);
});

test("what was taken back is not sent", async () => {
  const { ask, calls } = server();
  const outbox = new Outbox("lin", ask);
  for (const text of ["one", "two"]) outbox.add(wish(text));
  assert.equal(outbox.takeBack(wish("one")), true);
  await outbox.deliver(listener());
  assert.deepEqual(calls, ["two"]);
});

test("what is refused is told, and doesn't hold up the others", async () => {
  const outbox = new Outbox("lin", server(REFUSED).ask);
  for (const text of ["one", "two"]) outbox.add(wish(text));
  const told = listener();
  assert.equal(await outbox.deliver(told), true);
  assert.deepEqual(told.heard, ["refused one", "sent two"]);
});

test("a session that has ended and too much at once are no reason to give up", async () => {
  for (const status of [401, 429, 502, 503, 504]) {
    const outbox = new Outbox("lin", server(Object.assign(new Error("wait"), { status })).ask);
    outbox.add(wish(`under ${status}`));
    assert.equal(await outbox.deliver(listener()), false);
    assert.equal(await outbox.deliver(listener()), true);
  }
});

test("a busy portal and one that starts anew are waited for, a full storage is told", () => {
  const answers = [{ status: 503, code: "busy" }, { status: 502, code: "unknown" }, { status: 503, code: "storage_full" }, { status: 422, code: "invalid" }];
  assert.deepEqual(answers.map(isPassing), [true, true, false, false]);
});

test("two calls at once send once", async () => {
  const { ask, calls } = server();
  const outbox = new Outbox("lin", ask);
  outbox.add(wish("one"));
  await Promise.all([outbox.deliver(listener()), outbox.deliver(listener())]);
  assert.deepEqual(calls, ["one"]);
});

test("a shelf full of nonsense is forgotten", () => {
  localStorage.setItem("celadon.outbox.lin", "{");
  assert.deepEqual(new Outbox("lin").all, []);
});
