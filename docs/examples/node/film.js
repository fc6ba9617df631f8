// The program under test: it knows nothing of an emulator.
import { setTimeout as pause } from "node:timers/promises";

// Makes a video of a prompt and returns its job and its mp4.
export async function film(client, prompt) {
  const { id } = await client.videos.create({ prompt, model: "sora-2", seconds: "4" });
  const video = await finished(client, id);
  const content = await client.videos.downloadContent(id);
  return { video, mp4: Buffer.from(await content.arrayBuffer()) };
}

// Polls a job as often as the service asks for, until it is completed.
export async function finished(client, id) {
  for (;;) {
    const { data: video, response } = await client.videos.retrieve(id).withResponse();
    if (video.status === "completed") return video;
    if (video.status === "failed") throw new Error(`${id} failed: ${video.error.message}`);
    await pause(Number(response.headers.get("openai-poll-after-ms") ?? 1000));
  }
}
