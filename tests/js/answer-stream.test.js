// Following an answer through drops, silence, sign-out and hidden tabs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { textOf } from "../../static/js/chat/answer-document.js";
import { AnswerStream } from "../../static/js/chat/answer-stream.js";
import { World } from "./small-world.js";

const END = { status: "complete", finish_reason: "stop" };
const delta = (append) => ({ part: 0, type: "text", append });

function following(change = {}) {
  const world = Object.assign(new World(), change);
  const heard = { texts: [], connection: [], document: null };
  const stream = new AnswerStream(
    "a1",
    {
      changed: (document) => {
        heard.document = document;
        heard.texts.push(textOf(document));
      },
      connection: (state) => heard.connection.at(-1) !== state && heard.connection.push(state),
    },
    world,
  );
  stream.follow();
  return { world, heard, stream };
}

test("an answer is followed from its first word to its end", () => {
  const { world, heard } = following();
  assert.equal(world.source.address, "/api/v1/messages/a1/events");
  world.source.say("delta", delta("Hel"), "1");
  world.source.say("delta", delta("lo"), "2");
  world.source.say("end", END, "3");
  assert.deepEqual(heard.texts, ["Hel", "Hello", "Hello"]);
  assert.equal(world.source.isClosed, true);
});

test("nothing is left under way after the end", () => {
  const { world } = following();
  world.source.say("end", END, "1");
  assert.deepEqual(world.waits, []);
});

test("a source that gave up is opened again where it was", async () => {
  const { world, heard } = following();
  world.source.say("delta", delta("Hel"), "r1:3");
  await world.source.break(2);
  await world.ring(500);
  assert.equal(world.source.address, "/api/v1/messages/a1/events?after=r1%3A3");
  world.source.say("delta", delta("lo"), "r1:5");
  assert.equal(heard.texts.at(-1), "Hello");
});

test("a line that the browser repairs itself is left to it", async () => {
  const { world, heard } = following();
  await world.source.break(0);
  assert.deepEqual([world.asked, world.sources.length, heard.connection.at(-1)], [0, 1, "reconnecting"]);
});

test("when the answer ended meanwhile, the message itself is shown", async () => {
  const { world, heard } = following();
  world.message = { status: "complete", parts: [{ type: "text", text: "All of it" }], finish_reason: "stop" };
  await world.source.break(2);
  assert.deepEqual([heard.texts.at(-1), heard.document.isEnded, world.waits.length], ["All of it", true, 0]);
});

test("forty seconds of silence are looked into", async () => {
  const { world } = following();
  world.source.say("delta", delta("a"), "1");
  await world.ring(40_000);
  assert.equal(world.asked, 1);
  await world.ring(500);
  assert.equal(world.sources.length, 2);
});

test("it tries for ever, and ever more slowly up to half a minute", async () => {
  const { world } = following();
  world.message = Object.assign(new Error("no"), { status: 0 });
  const waits = [];
  for (let attempt = 0; attempt < 9; attempt++) {
    await world.source.break(2);
    waits.push(world.waits.at(-1));
    await world.ring(waits.at(-1));
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 4000, 4000, 4000, 4000, 4000]);
});

test("a word from the server makes it hopeful again", async () => {
  const { world } = following();
  for (const wait of [500, 1000]) {
    await world.source.break(2);
    await world.ring(wait);
  }
  world.source.say("delta", delta("a"), "1");
  await world.source.break(2);
  assert.deepEqual(world.waits, [500]);
});

test("whoever was signed out is told so, and nothing is tried any more", async () => {
  const { world, heard } = following();
  world.message = Object.assign(new Error("no"), { status: 401 });
  await world.source.break(2);
  assert.deepEqual([heard.connection.at(-1), world.waits], ["signed_out", []]);
});

test("a gap makes it ask for the whole", () => {
  const { world } = following();
  world.source.say("delta", delta("a"), "1");
  world.source.say("delta", { part: 4, type: "text", append: "z" }, "9");
  assert.equal(world.source.address, "/api/v1/messages/a1/events");
  assert.equal(world.sources.length, 2);
});

test("a hidden page lets go and goes on where it was on its return", () => {
  const { world } = following();
  world.source.say("delta", delta("a"), "7");
  world.page.away();
  assert.deepEqual([world.source.isClosed, world.waits], [true, []]);
  world.page.back();
  assert.equal(world.source.address, "/api/v1/messages/a1/events?after=7");
});

test("an inquiry that comes back after the page went away changes nothing", async () => {
  const { world } = following();
  const asking = world.source.break(2);
  world.page.away();
  await asking;
  assert.deepEqual([world.sources.length, world.waits], [1, []]);
});

test("words of a source that was given up are not heard", () => {
  const { world, heard } = following();
  const old = world.source;
  world.page.away();
  world.page.back();
  old.say("delta", delta("twice"), "1");
  assert.deepEqual(heard.texts, []);
});
