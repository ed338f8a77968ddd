"""What a host table must say, address by address: the choice of observations by date and the readers, as plainly as they can be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from sekisho.addresses import address, sibling
from sekisho.locations import Inquiry, read
from sekisho.observe import Observed


@dataclass
class World:
    """Everything observed, asked for one day of use."""

    observed: Observed
    inquiry: Inquiry
    on: date
    hindsight: bool = False
    known: dict = field(default_factory=dict)

    @property
    def day(self):
        return datetime.max.replace(tzinfo=UTC) if self.hindsight else datetime.combine(self.on, time.max, UTC)

    def heard(self, url, captured=None):
        """The facts heard at ``url`` and the records they stand on; None where it is no web address."""
        split = address(url)
        if split is None:
            return None
        numbers = self.numbers(*split, captured)
        if (split[1], numbers) not in self.known:
            self.known[split[1], numbers] = self._read(split[1], numbers)
        return self.known[split[1], numbers]

    def _read(self, href, numbers):
        said = read([self.observed.records[number] for number in numbers], href, None, self.inquiry)
        return said.heard.facts, tuple(sorted({*numbers, *said.terms}))

    def numbers(self, authority, href, captured):
        """The records that count: of each source the latest by the day of use, and the latest by the moment of capture."""
        moments = [self.day] + ([min(captured, self.day)] if captured else [])
        sources = [*self.sources(authority).values(), self.answers(href)]
        return tuple(sorted({n for numbers in sources for moment in moments for n in self.latest(numbers, moment)}))

    def sources(self, authority):
        """Path of each well-known file → its observations; those of the other scheme stand in where there are none."""
        other = sibling(authority)
        return {**(self.by_path(other) if other else {}), **self.by_path(authority)}

    def by_path(self, authority):
        paths = {}
        for number in self.observed.locations.get(authority, []):
            if self.observed.records[number].at <= self.day:
                paths.setdefault(urlsplit(self.observed.records[number].url).path, []).append(number)
        return paths

    def answers(self, href):
        """The observations of this very address, whatever its fragment."""
        asked = href.partition("#")[0]
        return [n for url, numbers in self.observed.responses.items() if url.partition("#")[0] == asked for n in numbers]

    def latest(self, numbers, moment):
        known = [(self.observed.records[n].at, n) for n in numbers if self.observed.records[n].at <= moment]
        return [max(known)[1]] if known else []
