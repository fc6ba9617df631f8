"""Makes a film and its poster with OpenAI's video API."""

import time

from openai import APIConnectionError


class NoFilm(Exception):
    pass


def make(client, prompt, folder):
    video = order(client, prompt)
    while video.status == "queued":
        time.sleep(1)
        video = client.videos.retrieve(video.id)
    if video.status == "error":
        raise NoFilm(video.error.message)
    client.videos.download_content(video.id).write_to_file(folder / "film.mp4")
    poster = client.videos.download_content(video.id, variant="thumbnail")
    poster.write_to_file(folder / "poster.jpg")


def order(client, prompt):
    try:
        return send(client, prompt)
    except APIConnectionError:
        return send(client, prompt)


def send(client, prompt):
    return client.videos.create(prompt=prompt, model="sora-2", seconds="5", size="1280x720")
