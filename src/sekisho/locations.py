"""What was heard at each address on a day: recorded observations chosen by date, read by the shelf, folded into few distinct voices.

For each source the latest observation not after the day of use counts, and the one valid when the item was captured; the stricter wins
because both are heard. Later ones are ignored unless hindsight is asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from sekisho import signals
from sekisho.addresses import Addresses, sibling
from sekisho.facts import Heard, heard
from sekisho.model import Ask, Axis, Signal
from sekisho.observe import Observed, Record
from sekisho.signals.agents import asked

NOWHERE = -1


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


@dataclass
class Locations:
    """The voices of a run; ``voices`` grows as addresses are met and stays as small as what is said differs."""

    observed: Observed
    ask: Ask
    axis: Axis
    on: date
    hindsight: bool = False
    voices: list[Voice] = field(default_factory=list)
    _numbers: dict[object, int] = field(default_factory=dict)
    _sources: dict[str, dict[str, list[tuple[datetime, int]]]] = field(default_factory=dict)

    def of(self, addresses: Addresses, captured: Sequence[datetime | None] | None = None) -> NDArray[np.int32]:
        """For each row the index of its voice; ``NOWHERE`` for rows that have no address."""
        seen: dict[tuple[str, datetime | None], int] = {}
        found = np.full(len(addresses.codes), NOWHERE, np.int32)
        urls = addresses.urls.to_pylist()
        for row in map(int, np.flatnonzero(addresses.codes >= 0)):
            key = (urls[row], captured[row] if captured else None)
            if key not in seen:
                seen[key] = self._voice(addresses.authorities[addresses.codes[row]], *key)
            found[row] = seen[key]
        return found

    def _voice(self, authority: str, url: str, captured: datetime | None) -> int:
        chosen = self._chosen(self.sources(authority), captured)
        answers = self._chosen({url: self._dated(self.observed.responses.get(url, []))}, captured)
        records = tuple(sorted({*chosen, *answers}))
        if not self._any_speaks(records):
            return self._number(("silent", records), records, ())
        return self._number(None, records, self._statements(records, url))

    def _number(self, key: object, records: tuple[int, ...], spoke: tuple[Statement, ...]) -> int:
        key = key or (records, spoke)
        if key not in self._numbers:
            seen = [self.observed.records[number] for number in records]
            self._numbers[key] = len(self.voices)
            said = heard([each.signal for each in spoke], seen, self.axis, asked(self.ask))
            self.voices.append(Voice(said, records, spoke))
        return self._numbers[key]

    def _any_speaks(self, records: tuple[int, ...]) -> bool:
        """False when no record holds anything to read, whatever the path; what failed is not read, its status speaks."""
        return any(record.signals or (record.location and record.location.body) for record in self._records(records) if not record.failed)

    def _statements(self, records: tuple[int, ...], url: str) -> tuple[Statement, ...]:
        ask = Ask(url, self.ask.agents, self.ask.media_type, self.ask.commercial, self.ask.policy_tokens)
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
