"""The only place that draws: ids, seeds, hashes of keys.

Everything that a test might want to see twice derives from the seed and a sequence number.
"""

import hashlib
import random
import secrets


def random_seed() -> int:
    """A seed for a run that was given none."""
    return secrets.randbits(32)


def video_id(seed: int, sequence: int, created_at: int) -> str:
    """An id as api.openai.com makes them: `video_` and 48 hex digits.

    The first 32 digits are a UUID of version 8 that begins with the creation time and whose
    third group is `819x`; the last 16 begin with 0 (evidence: verbatim, openai, 12 samples).
    """
    digits = _digest(f"video {seed} {sequence}")
    variant = "89ab"[int(digits[0], 16) % 4]
    return (
        f"video_{created_at & 0xFFFFFFFF:08x}{digits[1:5]}819{digits[5]}"
        f"{variant}{digits[6:9]}{digits[9:21]}0{digits[21:36]}"
    )


def character_id(seed: int, sequence: int) -> str:
    """`char_` and 32 hex digits; real ones were not seen (evidence: inferred)."""
    return f"char_{_digest(f'character {seed} {sequence}')[:32]}"


def file_id(seed: int, sequence: int) -> str:
    """`file-` and 22 letters and digits (evidence: documented, openai)."""
    return f"file-{_digest(f'file {seed} {sequence}')[:22]}"


def random_secret() -> bytes:
    """A key to sign with, known to nobody and never the same twice, whatever the seed."""
    return secrets.token_bytes(32)


class RequestIds:
    """Ids for `x-request-id`: unpredictable to look at, the same again for the same seed."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed).getrandbits

    def next(self) -> str:
        """`req_` and 32 hex digits (evidence: verbatim, openai, other routes)."""
        return f"req_{self._draw(128):032x}"

    def next_uuid(self) -> str:
        """A UUID: what a refused key got instead (evidence: verbatim, openai, 2026-07)."""
        digits = f"{self._draw(128):032x}"
        parts = (digits[:8], digits[8:12], f"4{digits[13:16]}", f"8{digits[17:20]}", digits[20:])
        return "-".join(parts)


def hashed_key(salt: int, key: str) -> str:
    """How a key appears anywhere outside its request: `key_` and 8 hex digits."""
    return f"key_{_digest(f'key {salt} {key}')[:8]}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()


def organization(seed: int) -> str:
    """A value for `openai-organization`: `user-` and 24 letters and digits."""
    return f"user-{_digest(f'organization {seed}')[:24]}"


def project_id(seed: int, project: str) -> str:
    """A value for `openai-project`: `proj_` and 24 letters and digits."""
    return f"proj_{_digest(f'project {seed} {project}')[:24]}"
