"""What a host table must say, address by address: the choice of observations by date and the readers, as plainly as they can be written."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from sekisho.addresses import address, sibling
from sekisho.locations import heard_of, statements


def by_path(observed, authority):
    """Path of each well-known file → its observations in time."""
    paths = {}
    for number in observed.locations.get(authority, []):
        paths.setdefault(urlsplit(observed.records[number].url).path, []).append(number)
    return {path: sorted((observed.records[n].at, n) for n in numbers) for path, numbers in paths.items()}


def latest(dated, moment):
    place = bisect_right(dated, moment, key=lambda pair: pair[0])
    return {dated[place - 1][1]} if place else set()


def chosen(sources, on, captured, hindsight):
    """Of each source the latest by the day of use, and the latest by the moment of capture."""
    day = datetime.max.replace(tzinfo=UTC) if hindsight else datetime.combine(on, time.max, UTC)
    moments = [day] + ([min(captured, day)] if captured else [])
    return set().union(*(latest(dated, moment) for dated in sources for moment in moments))


def heard(observed, ask, axis, on, url, captured=None, hindsight=False):
    """The facts heard at ``url`` and the records they stand on; None where it is no web address."""
    split = address(url)
    if split is None:
        return None
    other = sibling(split[0])
    sources = {**(by_path(observed, other) if other else {}), **by_path(observed, split[0])}
    answers = sorted((observed.records[n].at, n) for n in observed.responses.get(split[1], []))
    numbers = tuple(sorted(chosen([*sources.values(), answers], on, captured, hindsight)))
    records = [observed.records[number] for number in numbers]
    said = heard_of(statements(records, replace(ask, url=split[1])), records, split[1], None, ask, axis)
    return said.facts, numbers
