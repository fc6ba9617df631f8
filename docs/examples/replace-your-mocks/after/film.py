"""Makes a film and its poster with OpenAI's video API."""

from openai import APIConnectionError


class NoFilm(Exception):
    pass


def make(client, prompt, folder):
    video = client.videos.poll(order(client, prompt).id)
    if video.status == "failed":
        raise NoFilm(video.error.message)
    client.videos.download_content(video.id).write_to_file(folder / "film.mp4")
    poster = client.videos.download_content(video.id, variant="thumbnail")
    poster.write_to_file(folder / "poster.webp")


def order(client, prompt):
    before = {video.id for video in client.videos.list()}
    try:
        return send(client, prompt)
    except APIConnectionError:
        # The order may have been taken: send it again only if there is no new job.
        new = [video for video in client.videos.list() if video.id not in before]
        return new[0] if new else send(client, prompt)


def send(client, prompt):
    return client.videos.create(prompt=prompt, model="sora-2", seconds="4", size="1280x720")
