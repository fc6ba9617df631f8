"""What can go wrong with media: one base, and every message fits on one line."""

from fauxreel.domain.errors import FauxreelError


class MediaError(FauxreelError):
    """Something about a media file failed; the message says what in one line."""


class RenderFailed(MediaError):
    """ffmpeg, or reading a shipped file, failed while something was being made."""

    def __init__(self, making: str, reason: str) -> None:
        super().__init__(f"Could not make {making}: {_one_line(reason)}")
        self.reason = reason


class FfmpegRefused(RenderFailed):
    """ffmpeg ran and said no: what it was given is at fault, not the machine."""


class FfmpegMissing(MediaError):
    """imageio-ffmpeg has no binary for this machine."""

    def __init__(self, making: str, reason: str) -> None:
        super().__init__(f"No ffmpeg to make {making} with: {_one_line(reason)}")


class UnsupportedMedia(MediaError):
    """A size or length that no video can have here."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(f"{name} {value!r} cannot be made: {allowed}")


class UnreadableMedia(MediaError):
    """Bytes that are no media file, or a broken one."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"Cannot read {what}: {_one_line(reason)}")


class UndecodableReference(MediaError):
    """A reference file whose bytes are not what its content type says."""

    def __init__(self, content_type: str, reason: str) -> None:
        super().__init__(f"Reference is not a readable {content_type} file: {_one_line(reason)}")
        self.reason = reason


def _one_line(reason: str) -> str:
    return " ".join(reason.split())
