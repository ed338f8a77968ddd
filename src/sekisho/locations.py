"""What was heard at each address on a day: recorded observations chosen by date, read by the shelf, folded into few distinct voices.

For each source the latest observation not after the day of use counts, and the one valid when the item was captured; the stricter wins
because both are heard. Later ones are ignored unless hindsight is asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from sekisho import facts, signals
from sekisho.addresses import Addresses, sibling
from sekisho.facts import Heard
from sekisho.model import Ask, Axis, Observation, Signal
from sekisho.observe import Observed, Record
from sekisho.signals.agents import asked

NOWHERE = -1
IN_HAND = -1
"""The record number of statements that the item's own content makes."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A signal and the number of the record that holds it."""

    record: int
    signal: Signal


@dataclass(frozen=True, slots=True)
class Voice:
    """All that was heard about an address: what it comes to, and the records it stands on."""

    heard: Heard
    records: tuple[int, ...]
    spoke: tuple[Statement, ...]


class _Key(NamedTuple):
    """What makes two voices one."""

    nowhere: bool
    records: tuple[int, ...]
    spoke: tuple[Statement, ...]
    file: str
    status: int | None = None


@dataclass
class Locations:
    """The voices of a run; ``voices`` grows as addresses are met and stays as small as what is said differs."""

    observed: Observed
    ask: Ask
    axis: Axis
    on: date
    hindsight: bool = False
    places: tuple[str, ...] = ()
    voices: list[Voice] = field(default_factory=list)
    _numbers: dict[_Key, int] = field(default_factory=dict)
    _sources: dict[str, dict[str, list[tuple[datetime, int]]]] = field(default_factory=dict)

    def of(
        self,
        addresses: Addresses,
        captured: Sequence[datetime | None] | None = None,
        contents: Mapping[int, Observation] = MappingProxyType({}),
        placed: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.int32]:
        """For each row the index of its voice; ``NOWHERE`` for rows that have no address, save those ``placed`` elsewhere.

        ``contents`` holds what is in hand for a row: its file or its recorded answer speaks with the location.
        """
        seen: dict[tuple[str | None, datetime | None], int] = {}
        found = np.full(len(addresses.codes), NOWHERE, np.int32)
        urls = addresses.urls.to_pylist()
        for row in map(int, np.flatnonzero((addresses.codes >= 0) | (False if placed is None else placed))):
            authority = addresses.authorities[addresses.codes[row]] if addresses.codes[row] >= 0 else None
            key = (urls[row] if authority else None, captured[row] if captured else None)
            if row in contents:
                found[row] = self._voice(authority, *key, contents[row])
            elif key not in seen:
                seen[key] = found[row] = self._voice(authority, *key)
            else:
                found[row] = seen[key]
        return found

    def _voice(self, authority: str | None, url: str | None, captured: datetime | None, content: Observation | None = None) -> int:
        chosen = self._chosen(self.sources(authority), captured) if authority else set()
        answers = self._chosen({url: self._dated(self.observed.responses.get(url, []))}, captured) if url else set()
        records = tuple(sorted({*chosen, *answers}))
        own = self._own(url, content)
        spoke = (*(self._statements(records, url) if url and self._any_speaks(records) else ()), *own)
        if content is None:
            return self._number(_Key(authority is None, records, spoke, "absent"))
        broken = content.failed or any(facts.BROKEN & set(each.signal.warnings) for each in own)
        return self._number(_Key(authority is None, records, spoke, "unreadable" if broken else "read", content.status))

    def _own(self, url: str | None, content: Observation | None) -> tuple[Statement, ...]:
        """What the content in hand says itself; an answer that failed says nothing."""
        if content is None or content.failed:
            return ()
        return tuple(Statement(IN_HAND, signal) for signal in signals.read(content, replace(self.ask, url=url)))

    def _number(self, key: _Key) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.voices)
            stated, statuses = [each.signal for each in key.spoke], [key.status] if key.status else []
            seen = self._records(key.records)
            said = facts.heard(
                stated, seen, self.axis, asked(self.ask), file=key.file, nowhere=key.nowhere, statuses=statuses, places=self.places
            )
            self.voices.append(Voice(said, key.records, key.spoke))
        return self._numbers[key]

    def _any_speaks(self, records: tuple[int, ...]) -> bool:
        """False when no record holds anything to read, whatever the path; what failed is not read, its status speaks."""
        return any(record.signals or (record.location and record.location.body) for record in self._records(records) if not record.failed)

    def _statements(self, records: tuple[int, ...], url: str) -> tuple[Statement, ...]:
        ask = replace(self.ask, url=url)
        return tuple(
            Statement(number, signal)
            for number in records
            for record in self._records((number,))
            if not record.failed
            for signal in (signals.read(record.location, ask) if record.location else record.signals)
        )

    def _records(self, numbers: Sequence[int]) -> list[Record]:
        return [self.observed.records[number] for number in numbers]

    def sources(self, authority: str) -> dict[str, list[tuple[datetime, int]]]:
        """Path of each well-known file → its observations in time; those of the other scheme stand in where there are none."""
        if authority not in self._sources:
            other = sibling(authority)
            both = {**(self._by_path(other) if other else {}), **self._by_path(authority)}
            self._sources[authority] = both
        return self._sources[authority]

    def _by_path(self, authority: str) -> dict[str, list[tuple[datetime, int]]]:
        paths: dict[str, list[int]] = {}
        for number in self.observed.locations.get(authority, []):
            paths.setdefault(urlsplit(self.observed.records[number].url).path, []).append(number)
        return {path: self._dated(numbers) for path, numbers in paths.items()}

    def _dated(self, numbers: Sequence[int]) -> list[tuple[datetime, int]]:
        return sorted((self.observed.records[number].at, number) for number in numbers)

    def _chosen(self, sources: dict[str, list[tuple[datetime, int]]], captured: datetime | None) -> set[int]:
        """The records that count: for each source the latest by the day of use, and the latest by the moment of capture."""
        day_of_use = datetime.max.replace(tzinfo=UTC) if self.hindsight else datetime.combine(self.on, time.max, UTC)
        moments = [day_of_use] + ([min(captured, day_of_use)] if captured else [])
        found = set()
        for dated in sources.values():
            for moment in moments:
                place = bisect_right(dated, moment, key=lambda pair: pair[0])
                found |= {dated[place - 1][1]} if place else set()
        return found
