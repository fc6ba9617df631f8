"""Makes video clips with OpenAI's API: orders one, waits for it, and stores it in a file.

python clips.py "A paper boat sails down a rain gutter" boat.mp4
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from openai import APIConnectionError, BadRequestError, InternalServerError, NotFoundError, OpenAI
from openai.types import Video
from retrying import Retries, passing, refused_for_now

UNFINISHED = ("queued", "in_progress")
RETRIES = Retries()


class NoClip(Exception):
    """There is no clip; the text says why."""


class Refused(NoClip):
    """The prompt or the result was moderated: only another prompt helps."""


class Unsure(NoClip):
    """The order may have been taken or not: a person has to look before it is sent again."""


class TooSlow(NoClip):
    """The job is not done yet.

    Args:
        video_id: The job, which may still be waited for.
    """

    def __init__(self, video_id: str, seconds: float) -> None:
        super().__init__(f"{video_id} is not done after {seconds:g} s")
        self.video_id = video_id


class Clips:
    """Makes clips.

    Args:
        client: Made with `max_retries=0`: here it is decided what is sent again.
        deadline: The longest wait for one job, in seconds.
        now, sleep: The time; a test hands in another one.
    """

    def __init__(
        self,
        client: OpenAI,
        *,
        retries: Retries = RETRIES,
        deadline: float = 600.0,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._client = client
        self._retries = retries
        self._deadline = deadline
        self._now = now
        self._sleep = sleep
        self._known: set[str] = set()

    def make(self, prompt: str, path: Path) -> Video:
        """Orders a clip, waits for it, and stores it."""
        video = self.wait(self.order(prompt))
        self.download(video.id, path)
        return video

    def order(self, prompt: str) -> Video:
        """Sends the order so that it is paid for once.

        The API has no idempotency key. After an answer that got lost, or an error of the server,
        nobody knows whether there is a job, so the order is not sent again but looked for.
        """
        try:
            video = self._retries.call(
                lambda: self._client.videos.create(
                    prompt=prompt, model="sora-2", seconds="4", size="1280x720"
                ),
                worth=refused_for_now,
                sleep=self._sleep,
            )
        except BadRequestError as error:
            if error.code == "moderation_blocked":
                raise Refused(f"the prompt was refused: {error.message}") from error
            raise
        except (APIConnectionError, InternalServerError) as error:
            ordered = self._ordered(prompt)
            if ordered is None:
                raise Unsure(f"{prompt!r} may have been ordered, or not") from error
            video = ordered
        self._known.add(video.id)
        return video

    def wait(self, video: Video) -> Video:
        """Asks for the job until it has ended, less and less often."""
        end, pause = self._now() + self._deadline, 1.0
        while video.status in UNFINISHED:
            if self._now() >= end:
                raise TooSlow(video.id, self._deadline)
            video, told = self._look(video.id)
            # What the service wants is kept; without its word, each pause is longer.
            pause = min(20.0, pause * 1.5) if told is None else told
            if video.status in UNFINISHED:
                self._sleep(min(pause, max(0.0, end - self._now())))
        if video.error is not None:
            kind = Refused if video.error.code == "moderation_blocked" else NoClip
            raise kind(f"{video.id} failed: {video.error.message}")
        return video

    def download(self, video_id: str, path: Path) -> None:
        """Stores the video; there is no file at the path until all of it has come."""
        try:
            # Without streaming, the SDK itself notices when the connection breaks off.
            content = self._retries.call(
                lambda: self._client.videos.download_content(video_id),
                worth=passing,
                sleep=self._sleep,
            )
        except NotFoundError as error:
            raise NoClip(f"{video_id} has expired or was deleted") from error
        part = path.with_suffix(".part")
        part.write_bytes(content.read())
        part.replace(path)

    def _look(self, video_id: str) -> tuple[Video, float | None]:
        """The job, and the seconds that the service wants to pass before the next look."""
        answer = self._retries.call(
            lambda: self._client.videos.with_raw_response.retrieve(video_id),
            worth=passing,
            sleep=self._sleep,
        )
        told = answer.headers.get("openai-poll-after-ms")
        return answer.parse(), None if told is None else int(told) / 1000

    def _ordered(self, prompt: str) -> Video | None:
        """The newest job with this prompt that is not known here; None without one.

        It may be the job of another program with the same prompt and the same key. Where there
        is one, the ids that are known belong into a database that both read.
        """
        page = self._retries.call(
            lambda: self._client.videos.list(limit=20), worth=passing, sleep=self._sleep
        )
        new = (each for each in page.data if each.prompt == prompt and each.id not in self._known)
        return next(new, None)


if __name__ == "__main__":
    print(Clips(OpenAI(max_retries=0)).make(sys.argv[1], Path(sys.argv[2])).id)
