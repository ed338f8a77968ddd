"""Whose turn it is: so many at a time to one host or one address, and a pause after each; memory holds only those in use."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from time import monotonic

MARGIN_S = 0.05
"""Two clocks are compared: a timer may fire a little early."""


@dataclass(slots=True)
class _Place:
    """One host or address: how many are there, who waits, and from when the next may go."""

    inside: int = 0
    free_at: float = 0.0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


class Turns:
    """At most ``at_once`` at each place; ``leave`` says for how long the place is to rest."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._places: dict[str, _Place] = {}

    def __len__(self) -> int:
        return len(self._places)

    async def enter(self, name: str) -> None:
        """Come back when it is our turn at ``name``; whoever came first goes first."""
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = _Place()
        if place.inside < self.at_once:
            place.inside += 1
        else:
            await self._queue(place)
        if place.free_at and (rest := place.free_at - monotonic()) > 0:
            await self._rest(name, rest)

    async def _queue(self, place: _Place) -> None:
        """Wait until somebody who leaves hands over the place."""
        turn = asyncio.get_running_loop().create_future()
        place.waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.done():
                self._hand_over(place)
            raise

    async def _rest(self, name: str, rest: float) -> None:
        try:
            await asyncio.sleep(rest)
        except asyncio.CancelledError:
            self.leave(name)
            raise

    def leave(self, name: str, pause: float = 0.0) -> None:
        """Make room at ``name``; the next may go after ``pause`` seconds."""
        place = self._places[name]
        if pause > 0:
            place.free_at = max(place.free_at, monotonic() + pause)
        self._hand_over(place)
        if not place.inside:
            self._forget_after(name, pause)

    def _hand_over(self, place: _Place) -> None:
        while place.waiting:
            turn = place.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        place.inside -= 1

    def _forget_after(self, name: str, pause: float) -> None:
        """Drop the place when nobody is there, once it has rested."""
        if pause > 0:
            asyncio.get_running_loop().call_later(pause + MARGIN_S, self._forget_after, name, 0.0)
        elif (place := self._places.get(name)) and not place.inside and (not place.free_at or place.free_at <= monotonic()):
            del self._places[name]
