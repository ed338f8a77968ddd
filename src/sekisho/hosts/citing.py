"""The lines that spoke, by observation: for evidence, quoted once a run.

Of the rules of a robots.txt the kernel cites those that refuse the agents asked, in one statement; everything else the readers on the shelf quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho import signals
from sekisho.hosts.files import Files
from sekisho.hosts.recorded import SOURCES, Recorded
from sekisho.kernels import table
from sekisho.model import Ask, Axis, Observation, Signal, Source, Value
from sekisho.signals.robots_groups import LIMIT

MOST = 64
"""How many statements of one observation are quoted at most."""
EXTENSIONS = r"(?i)(^|[\r\n])\s*(content|license|allowai|disallowai)"
"""What makes a robots.txt say more than its rules do (other lines may match too)."""
ODD = r"(?i)di[as][^:\r\n]*:[ \t]*[^/*#\s]|di[as]\S+[ \t]+[^/*#:\s]|disallowai"
"""What makes its rules say more than they refuse: a Disallow of what is no path, a line of an expired draft (other words may match too)."""
AGENT = re.compile(rb"(?im)^\s*user.?agent[^:]*:\s*([^#\r\n]*?)\s*(?:#.*)?$")


class Quote(NamedTuple):
    """One statement as it is quoted: ``addressee`` may name several agents, with commas between."""

    protocol: str
    addressee: str
    axis: str
    value: str
    where: str
    quote: str


QUOTE = pa.struct([(name, pa.string()) for name in Quote._fields])


def spoken(seen: Recorded, ask: Ask, axis: Axis) -> pa.ListArray:
    """For each observation the lines of it that spoke: denials, offers and what could not be read first."""
    plain, body = _plain(seen), seen.numpy("body")
    refused = _refused(seen, np.unique(body[plain]), ask, axis)
    told = _told(seen, np.flatnonzero(~plain), ask)
    each = [
        refused[number] if quick else told[place] for place, (number, quick) in enumerate(zip(body.tolist(), plain.tolist(), strict=True))
    ]
    offsets = np.cumsum([0, *map(len, each)])
    columns = zip(*chain.from_iterable(each), strict=True) if offsets[-1] else ([] for _ in Quote._fields)
    values = pa.StructArray.from_arrays([pa.array(list(column), pa.string()) for column in columns], fields=list(QUOTE))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)


def _plain(seen: Recorded) -> NDArray[np.bool_]:
    """Which observations are a robots.txt that came and whose rules refuse what they name, nothing else."""
    status = seen.numpy("status", 200)
    came = ~seen.failed & (status >= 200) & (status < 300) & (seen.numpy("source") == SOURCES.index(Source.ROBOTS))
    simple = table.plain(seen.bodies, LIMIT) & ~np.asarray(pc.match_substring_regex(seen.bodies, ODD))
    return np.asarray(came & np.append(simple, False)[seen.numpy("body")])


def _refused(seen: Recorded, bodies: NDArray[np.int32], ask: Ask, axis: Axis) -> dict[int, list[Quote]]:
    """What each of these bodies says, by number."""
    octets = seen.bodies.take(pa.array(bodies))
    wheres, words = (column.to_pylist() for column in Files(ask).cited(octets))
    found = {
        number: [_refusal(where, quote, axis)] if where else [] for number, where, quote in zip(bodies.tolist(), wheres, words, strict=True)
    }
    more = np.flatnonzero(np.asarray(pc.match_substring_regex(octets, EXTENSIONS)))
    readers = [reader for name, reader in signals.readers().items() if Source.ROBOTS in reader.SPEC.sources and name != "robots"]
    for number, body in zip(bodies[more].tolist(), octets.take(pa.array(more)).to_pylist(), strict=True):
        file = Observation("", Source.ROBOTS, body, (), 200)
        found[number] = (quoted(said for reader in readers for said in reader.read(file, ask)) + found[number])[:MOST]
    return found


def _told(seen: Recorded, numbers: NDArray[np.intp], ask: Ask) -> dict[int, list[Quote]]:
    """What the readers quote of each of these observations; of equal answers for whole authorities once."""
    columns = [seen.column(name).take(pa.array(numbers)).to_pylist() for name in ("source", "status", "failure", "body")]
    known: dict[tuple[object, ...], list[Quote]] = {}
    found = {}
    for number, *key in zip(numbers.tolist(), *columns, strict=True):
        same = (*key, None if key[-1] is not None else number)
        if same not in known:
            known[same] = quoted(_said(seen, number, ask))
        found[number] = known[same]
    return found


def _refusal(where: bytes, words: bytes, axis: Axis) -> Quote:
    """The lines of a robots.txt that refuse, as one statement."""
    agents = dict.fromkeys(name.decode("utf-8", "replace") for name in AGENT.findall(words) if name)
    lines = "lines" if b"," in where else "line"
    return Quote("robots", ", ".join(agents), axis.value, Value.DENY.value, f"{lines} {where.decode()}", words.decode("utf-8", "replace"))


def _said(seen: Recorded, number: int, ask: Ask) -> Iterable[Signal]:
    record = seen.record(number)
    whole = record.location or record.document
    return signals.read(whole, ask) if whole else record.signals


def quoted(said: Iterable[Signal]) -> list[Quote]:
    """Statements as they are quoted, the loud ones first."""
    loud_first = sorted(said, key=lambda signal: signal.value is Value.ALLOW)
    return [Quote(s.protocol, s.addressee, s.axis.value, s.value.value, s.evidence.where, s.evidence.quote) for s in loud_first[:MOST]]
