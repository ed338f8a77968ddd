"""Ends what takes too long: one clock for all that runs at once, since a timer for each request costs a tenth of the request."""

from __future__ import annotations

import asyncio
from time import monotonic
from types import TracebackType

TICKS = 20
"""How often the clock looks while a time limit passes: nothing runs longer than a twentieth over it."""


class Deadlines:
    """``with deadlines.one():`` ends what stands in it after ``limit_s`` seconds with a TimeoutError."""

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._running: dict[_One, float] = {}
        self._clock: asyncio.TimerHandle | None = None

    def one(self) -> _One:
        """A time limit of its own for the task that asks."""
        return _One(self)

    def started(self, one: _One) -> None:
        """Count from now."""
        self._running[one] = monotonic() + self.limit_s
        if self._clock is None:
            self._tick()

    def ended(self, one: _One) -> None:
        """Count no longer."""
        self._running.pop(one, None)

    def _tick(self) -> None:
        """End what is over its time: all limits are equal, so whoever began first ends first."""
        now = monotonic()
        for one in [one for one, until in self._running.items() if until <= now]:
            del self._running[one]
            one.end()
        self._clock = asyncio.get_running_loop().call_later(self.limit_s / TICKS, self._tick) if self._running else None


class _One:
    """One time limit; the way a task is cancelled and taken back is that of ``asyncio.timeout``."""

    __slots__ = ("_before", "_deadlines", "_over", "_task")

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._over = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a time limit needs a task that it can end")
        self._task, self._before = task, task.cancelling()
        self._deadlines.started(self)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._deadlines.ended(self)
        if self._over and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError(f"no answer in {self._deadlines.limit_s:g} s") from error

    def end(self) -> None:
        """Cancel the task."""
        self._over = True
        self._task.cancel()
