"""Jobs put into the store by hand, in any state: their facts are chosen so that they are in it."""

import asyncio
import math
from itertools import cycle

from msgspec.structs import replace

from fauxreel.control.bodies import Error, Seed
from fauxreel.domain.commands import Create
from fauxreel.domain.errors import FauxreelError, StoreUnwritable
from fauxreel.domain.models import Model
from fauxreel.domain.timeline import Curve, InPolls, progress_at
from fauxreel.domain.video import (
    NO_POLLS,
    Draft,
    Forced,
    JobError,
    Lifetime,
    Polls,
    Since,
    Video,
    view,
)
from fauxreel.space import Space

# How long before its end a seeded finished job began: a typical time of the real service.
_TYPICAL_SECONDS = 70.0
_LIFETIME = Lifetime(3600, Since.COMPLETION)
_SURFACE = "control"


class CannotSeed(FauxreelError):
    """A seed that no client could have asked for; the message says why."""


async def seed_videos(space: Space, project: str, seed: Seed) -> list[Video]:
    """Stores the jobs of a seed.

    Raises:
        CannotSeed: The model, size or length does not exist.
        StoreFull: There is no room for all of them; those that fit are stored.
        StoreUnwritable: Not all of them could be written; it says how many were.
    """
    model = _model(space, seed)
    prompts = [seed.prompt] * seed.count if seed.prompt else await _prompts(space, seed.count)
    now = space.clock.now()
    draft = _draft(space, project, seed, model, now)
    polls = _polls(draft, seed)
    reached = view(draft, now, polls).status
    if seed.status in ("queued", "processing") and reached != seed.status:
        raise CannotSeed(
            f"status -> {seed.status!r} cannot be: "
            f"with the timeline here such a job is {reached.value!r} at once."
        )
    make_id = space.make_id(draft.created)
    videos: list[Video] = []
    for number, prompt in enumerate(prompts, 1):
        try:
            videos.append(await space.store.add(replace(draft, prompt=prompt), make_id, polls))
        except StoreUnwritable as error:
            kept = f" Of the {seed.count} jobs, the first {len(videos)} are stored."
            raise StoreUnwritable(f"{error.detail}{kept if videos else ''}") from error
        if number % _STORED_AT_ONCE == 0 and _on_loop():
            await asyncio.sleep(0)
    return videos


def job_error(given: Error | None) -> JobError:
    """The error of a job that is made to fail, with the likeliest one as the default."""
    error = given or Error()
    return JobError(error.code, error.message)


def _model(space: Space, seed: Seed) -> Model:
    if seed.model not in space.models:
        names = ", ".join(space.models.names)
        raise CannotSeed(f"model -> {seed.model!r} is not a model. Valid values: {names}.")
    model = space.models[seed.model]
    for name, value, valid in (
        ("size", seed.size, model.sizes),
        ("seconds", seed.seconds, model.seconds),
    ):
        if value is not None and value not in valid:
            words = ", ".join(map(str, valid))
            raise CannotSeed(f"{name} -> {value!r} is not made by {model.name}. Valid: {words}.")
    return model


def _draft(space: Space, project: str, seed: Seed, model: Model, now: float) -> Draft:
    ended = now - _LIFETIME.seconds if seed.status == "expired" else now
    error = job_error(seed.error) if seed.status == "failed" else None
    created, forced = now, None
    if seed.status == "processing" and not isinstance(space.timeline, InPolls):
        timeline = space.timeline
        if not math.isfinite(timeline.queued):
            raise CannotSeed("status -> 'processing' cannot be: jobs are stuck in the queue here.")
        done = _fraction(timeline.curve, seed.progress)
        created = now - timeline.queued - timeline.processing * done
    elif seed.status not in ("queued", "processing"):
        created = ended - _TYPICAL_SECONDS
        forced = Forced(ended, error, seed.progress)
    command = Create(
        "", model.name, seed.seconds or model.default_seconds, seed.size or model.default_size
    )
    draft = space.draft(project, _SURFACE, _LIFETIME, command)
    return replace(draft, created=created, forced=forced)


def _fraction(curve: Curve, progress: int) -> float:
    """How far along a job is that shows this progress, or the next one that its curve has.

    Halves of a hundredth, so that no rounding of moments falls on the other side of a step.
    """
    halves = ((hundredth + 0.5) / 100 for hundredth in range(100))
    return next(done for done in halves if progress_at(curve, done) >= progress)


def _polls(draft: Draft, seed: Seed) -> Polls:
    timeline = draft.timeline
    if seed.status != "processing" or not isinstance(timeline, InPolls):
        return NO_POLLS
    return Polls(timeline.queued + 1, started=draft.created)


_SHOTS = ("Wide shot", "Slow dolly-in", "Handheld close-up", "Aerial view", "Time-lapse")
_LIGHTS = ("at golden hour", "in soft morning fog", "under neon signs", "in hard noon light")
_THINGS = ("bicycle", "teapot", "fox", "tram", "kite", "lighthouse")

# So many are made at once; of thousands others would notice.
_FEW_PROMPTS = 100
# Between so many, others have their turn.
_STORED_AT_ONCE = 250


async def _prompts(space: Space, count: int) -> list[str]:
    """Prompts as people write them; the same again for the same seed after a reset."""
    seed = f"{space.seed} {space.seeded}"
    space.seeded += count
    if count <= _FEW_PROMPTS or not _on_loop():
        return _believable(seed, count)
    return await asyncio.to_thread(_believable, seed, count)


def _on_loop() -> bool:
    """Whether others wait while something is done here."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _believable(seed: str, count: int) -> list[str]:
    from faker import Faker

    fake = Faker("en_US")
    fake.seed_instance(seed)
    # A few hundred words, put together anew: each call of faker takes many times as long.
    colors = [fake.color_name().lower() for _ in range(min(count, 89))]
    cities = [fake.city() for _ in range(min(count, 199))]
    jobs = [fake.job().lower() for _ in range(min(count, 211))]
    choose = fake.random.choice
    return [
        f"{choose(_SHOTS)} of a {color} {choose(_THINGS)} in {city}, {choose(_LIGHTS)}, "
        f"while a {job} walks by"
        for color, city, job, _ in zip(cycle(colors), cycle(cities), cycle(jobs), range(count))
    ]
