// Run by `fauxreel exec -- npm test`, which sets OPENAI_BASE_URL, OPENAI_API_KEY and FAUXREEL_URL.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { film, finished } from "./film.js";

// Each test has jobs of its own: a namespace, by the test's name in the base URL.
function setUp({ name }) {
  const root = `${process.env.FAUXREEL_URL}/ns/${name.replaceAll(/\W+/g, "-").slice(0, 64)}`;
  const tell = async (path, body) => {
    const answer = await fetch(`${root}/_fauxreel${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  };
  return { client: new OpenAI({ baseURL: `${root}/v1` }), tell };
}

test("the client finds the emulator by itself", async () => {
  const { id } = await new OpenAI().videos.create({ prompt: "A paper boat" });
  assert.match(id, /^video_/);
});

test("a film is a completed job and its own mp4", async (t) => {
  const { client } = setUp(t);
  const { video, mp4 } = await film(client, "A paper boat");
  assert.deepEqual([video.status, video.progress], ["completed", 100]);
  assert.equal(mp4.toString("latin1", 4, 8), "ftyp");
  assert.ok(mp4.includes(video.id));
});

test("a job that fails is an error that says why", async (t) => {
  const { client, tell } = setUp(t);
  const { ids } = await tell("/videos", { status: "failed" });
  await assert.rejects(finished(client, ids[0]), /^Error: video_\w+ failed: ./);
});

test("a length that does not exist is refused in the words of the service", async (t) => {
  const { client } = setUp(t);
  await assert.rejects(client.videos.create({ prompt: "A paper boat", seconds: "5" }), {
    constructor: OpenAI.BadRequestError,
    code: "invalid_value",
    param: "seconds",
  });
});

test("a wrong key is refused", async (t) => {
  const { client } = setUp(t);
  const stranger = client.withOptions({ apiKey: "sk-invalid" });
  await assert.rejects(stranger.videos.list(), OpenAI.AuthenticationError);
});

test("a list holds the jobs of this test alone, newest first", async (t) => {
  const { client } = setUp(t);
  await client.videos.create({ prompt: "first" });
  await client.videos.create({ prompt: "second" });
  const prompts = [];
  for await (const video of client.videos.list()) prompts.push(video.prompt);
  assert.deepEqual(prompts, ["second", "first"]);
});
