"""The only place that draws: ids, seeds, hashes of keys.

Everything that a test might want to see twice derives from the seed and a sequence number.
"""

import random
import secrets
from hashlib import blake2b, sha256


def random_seed() -> int:
    """A seed for a run that was given none."""
    return secrets.randbits(32)


def derived_seed(seed: int, name: str) -> int:
    """The seed of a namespace, so that no two make the same ids."""
    return int(_digest(f"namespace {seed} {name}")[:8], 16)


def video_id(seed: int, sequence: int, created: float) -> str:
    """An id as api.openai.com makes them: `video_` and 48 hex digits.

    The first 32 digits are a UUID of version 8 that begins with the creation time and whose
    third group is `819x`; the last 16 begin with 0 (evidence: verbatim, openai, 12 samples).
    """
    digits = _digest(f"video {seed} {sequence}")
    return (
        f"video_{_seconds(created)}{digits[1:5]}819{digits[5]}"
        f"{_VARIANTS[digits[0]]}{digits[6:21]}0{digits[21:36]}"
    )


def azure_video_id(seed: int, sequence: int, created: float) -> str:
    """An id as Azure makes them: `video_` and 32 hex digits, the creation time first, `8190` at
    the 13th (evidence: verbatim, azure, 5 samples)."""
    digits = _digest(f"azure {seed} {sequence}")
    return f"video_{_seconds(created)}{digits[:4]}8190{digits[4:20]}"


def _seconds(created: float) -> str:
    """A moment as eight hex digits."""
    return (int(created) & 0xFFFFFFFF).to_bytes(4, "big").hex()


# Of a UUID, as a digit of the digest chooses it.
_VARIANTS = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def ulid(milliseconds: int, random_bits: int) -> str:
    """26 characters: a time in milliseconds since 1970, then 80 bits; lower case as on Azure."""
    number = (milliseconds << 80) | random_bits
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -5, -5))


def parsed_ulid(text: str) -> tuple[int, int] | None:
    """The milliseconds and the 80 bits of a ULID, or None for what is none."""
    if len(text) != 26 or any(letter not in _CROCKFORD for letter in text):
        return None
    number = 0
    for letter in text:
        number = number << 5 | _CROCKFORD.index(letter)
    return number >> 80, number & (1 << 80) - 1


def task_id(seed: int, sequence: int, created: float) -> str:
    """`task_` and a ULID with the true time of creation (evidence: verbatim, azure, 2025)."""
    return f"task_{ulid(int(created * 1000), int(_digest(f'task {seed} {sequence}')[:20], 16))}"


def generation_id(task: str, number: int) -> str:
    """The id of a job's n-th video (from 0): `gen_` and a ULID a moment after the task's, so that
    the task can be told from it."""
    time_and_bits = parsed_ulid(task.removeprefix("task_"))
    assert time_and_bits is not None, task
    milliseconds, bits = time_and_bits
    return f"gen_{ulid(milliseconds + 1 + number, bits ^ 1 + number)}"


def task_of(generation: str, number: int) -> str | None:
    """The task whose n-th video has this id; None for what is no such id."""
    time_and_bits = parsed_ulid(generation.removeprefix("gen_"))
    if time_and_bits is None or not generation.startswith("gen_"):
        return None
    milliseconds, bits = time_and_bits
    return f"task_{ulid(milliseconds - 1 - number, bits ^ 1 + number)}"


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

    def __init__(self, seed: int, surface: str, run: int = 0) -> None:
        # A further process with the same store makes further ones.
        self._seed = f"{surface} {seed} {run}" if run else f"{surface} {seed}"
        self.restart()

    def restart(self) -> None:
        """Begins again with the first id."""
        self._draw = random.Random(self._seed).getrandbits

    def next(self) -> str:
        """`req_` and 32 hex digits (evidence: verbatim, openai, other routes)."""
        return f"req_{self._draw(128).to_bytes(16, 'big').hex()}"

    def next_uuid(self) -> str:
        """A UUID: what a refused key got instead (evidence: verbatim, openai, 2026-07)."""
        digits = self.next().removeprefix("req_")
        parts = (digits[:8], digits[8:12], f"4{digits[13:16]}", f"8{digits[17:20]}", digits[20:])
        return "-".join(parts)


def hashed_key(salt: int, key: str) -> str:
    """How a key appears anywhere outside its request: `key_` and 8 hex digits."""
    return f"key_{_digest(f'key {salt} {key}')[:8]}"


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()


def organization(seed: int) -> str:
    """A value for `openai-organization`: `user-` and 24 letters and digits."""
    return f"user-{_digest(f'organization {seed}')[:24]}"


def project_id(seed: int, project: str) -> str:
    """A value for `openai-project`: `proj_` and 24 letters and digits."""
    return f"proj_{_digest(f'project {seed} {project}')[:24]}"


def deployment_id(seed: int, provider: str, model: str) -> str:
    """A LiteLLM deployment's id: 64 hex digits (evidence: measured)."""
    return sha256(f"deployment {seed} {provider}/{model}".encode()).hexdigest()
