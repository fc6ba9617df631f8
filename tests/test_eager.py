"""Coroutines whose first step is taken at once: they end as they would in a task."""

import asyncio

import pytest

from fauxreel.eager import begun, ended, in_task


async def task_of(coroutine):
    """The task of the rest; begun from outside of all tasks, as a protocol does it."""
    loop = asyncio.get_running_loop()
    begins = loop.create_future()
    loop.call_soon(lambda: begins.set_result(begun(coroutine)))
    rest = await begins
    return None if rest is None else loop.create_task(awaited(rest))


async def awaited(rest):
    await rest


def test_what_waits_for_nothing_ends_at_once_without_a_task():
    seen = []

    async def quick():
        seen.append("done")

    async def main():
        return await task_of(quick())

    assert asyncio.run(main()) is None
    assert seen == ["done"]


def test_what_waits_goes_on_in_a_task():
    steps = []

    async def slow(future):
        steps.append(asyncio.current_task())
        steps.append(await future)
        await asyncio.sleep(0)
        steps.append(asyncio.current_task())

    async def main():
        future = asyncio.get_running_loop().create_future()
        task = await task_of(slow(future))
        future.set_result("value")
        await task
        return task

    task = asyncio.run(main())
    assert steps == [None, "value", task]


def test_a_failure_after_the_first_step_is_the_task_s():
    async def failing():
        await asyncio.sleep(0)
        raise ValueError("late")

    async def main():
        await (await task_of(failing()))

    with pytest.raises(ValueError, match="late"):
        asyncio.run(main())


def test_a_failure_in_the_first_step_is_the_task_s_too():
    async def failing():
        raise ValueError("at once")

    async def main():
        await (await task_of(failing()))

    with pytest.raises(ValueError, match="at once"):
        asyncio.run(main())


def test_nothing_is_left_of_what_ended():
    assert asyncio.run(ended()) is None


def test_cancelling_the_task_reaches_what_it_waits_for():
    seen = []

    async def waiting():
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def main():
        task = await task_of(waiting())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(main())
    assert seen == ["cancelled"]


def test_a_time_limit_works_once_in_a_task():
    seen = []

    async def limited():
        await in_task()
        try:
            async with asyncio.timeout(0):
                await asyncio.get_running_loop().create_future()
        except TimeoutError:
            seen.append("late")

    async def main():
        await (await task_of(limited()))
        await limited()  # and where there is one already

    asyncio.run(main())
    assert seen == ["late", "late"]
