"""One clock for many time limits: whoever is over is ended, nobody else is, and a cancellation from outside stays one."""

import asyncio
import time

import pytest

pytest.importorskip("aiohttp", reason="the extra `observe` is not installed")

from sekisho.observe.deadlines import Deadlines


async def within(deadlines, seconds):
    try:
        with deadlines.one():
            await asyncio.sleep(seconds)
    except TimeoutError as error:
        return str(error)
    return "done"


def test_what_is_over_its_time_ends_and_what_is_not_goes_on():
    async def both():
        deadlines = Deadlines(0.2)
        return await asyncio.gather(*(within(deadlines, seconds) for seconds in (0.01, 5, 0.05, 5)))

    began = time.monotonic()
    assert asyncio.run(both()) == ["done", "no answer in 0.2 s", "done", "no answer in 0.2 s"]
    assert time.monotonic() - began < 3


def test_the_clock_starts_anew_after_a_rest():
    async def twice():
        deadlines = Deadlines(0.1)
        first = await within(deadlines, 0.01)
        await asyncio.sleep(0.2)
        return first, await within(deadlines, 5)

    assert asyncio.run(twice()) == ("done", "no answer in 0.1 s")


def test_a_task_that_is_cancelled_from_outside_is_cancelled_and_not_late():
    async def cancelled():
        task = asyncio.create_task(within(Deadlines(5), 5))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return task.cancelled()

    assert asyncio.run(cancelled())


def test_after_a_time_limit_a_task_can_wait_again():
    async def again():
        deadlines = Deadlines(0.05)
        return [await within(deadlines, 5), await within(deadlines, 0.001), asyncio.current_task().cancelling()]

    assert asyncio.run(again()) == ["no answer in 0.05 s", "done", 0]
