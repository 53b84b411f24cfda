// Other versions and the rest of an answer: the same wish is the same request until it has worked.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Answering } from "../../static/js/chat/answering.js";

/** Answers calls in order; an Error is thrown. */
function server(...answers) {
  const calls = [];
  const ask = async (method, path, body) => {
    calls.push({ method, path, body });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { ask, calls };
}

test("a wish that got lost is sent again under the same name", async () => {
  const { ask, calls } = server(new Error("lost"), { answer: { id: "b" } }, { answer: { id: "c" } });
  const answering = new Answering(ask);
  await assert.rejects(answering.again("q", "gpt"));
  assert.equal((await answering.again("q", "gpt")).id, "b");
  assert.equal((await answering.again("q", "gpt")).id, "c");
  const names = calls.map(({ body }) => body.client_id);
  assert.ok(names[0] === names[1] && names[1] !== names[2]);
  assert.deepEqual(calls[0], { method: "POST", path: "/api/v1/messages/q/answers", body: { model: "gpt", client_id: names[0] } });
});

test("another model is another wish", async () => {
  const { ask, calls } = server(new Error("lost"), { answer: {} });
  const answering = new Answering(ask);
  await assert.rejects(answering.again("q", "gpt"));
  await answering.again("q", "other");
  assert.notEqual(calls[0].body.client_id, calls[1].body.client_id);
});

test("going on names only the answer", async () => {
  const { ask, calls } = server({ answer: { id: "a" } });
  await new Answering(ask).goOn("a");
  assert.equal(calls[0].path, "/api/v1/messages/a/continuations");
  assert.deepEqual(Object.keys(calls[0].body), ["client_id"]);
});

test("a version is chosen with all that is below it", async () => {
  const { ask, calls } = server({}, { items: [{ id: "q" }, { id: "v" }, { id: "q2" }] });
  assert.deepEqual(await new Answering(ask).choose("c", "v"), [{ id: "v" }, { id: "q2" }]);
  assert.deepEqual(calls[0].body, { active_leaf_id: "v" });
});

test("a version that is too far above is not shown in place", async () => {
  const { ask } = server({}, { items: [{ id: "later" }] });
  assert.equal(await new Answering(ask).choose("c", "v"), null);
});
