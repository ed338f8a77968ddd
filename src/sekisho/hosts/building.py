"""Builds the host table of a day: every observed file compiled, every authority with the observations that count for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho.addresses import AddressBook, Addresses, address
from sekisho.hosts import sites
from sekisho.hosts.files import Files, Saying
from sekisho.hosts.recorded import SOURCES, Recorded
from sekisho.hosts.sites import Layout, Lists, Numbers, Observations, Standing
from sekisho.kernels.locations import HostArrays, answered, hashes_of, name_hashes, slots
from sekisho.kernels.table import Tables
from sekisho.model import Ask, Source

NONE = -1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ROBOTS = SOURCES.index(Source.ROBOTS)
PATH_AND_QUERY = r"^[^/?#]*(//[^/?#]*)?|[?#].*$"


@dataclass(frozen=True)
class HostTable:
    """Everything that was observed, as the kernel asks it, and what it takes to say what a signature means."""

    arrays: HostArrays
    roots: list[tuple[int, ...]]
    """For each signature that is a shape of sites: what the records of such a site say, as places in ``sayings``."""
    sayings: list[Saying]
    records: Lists
    """For each site the numbers of the records that it stands on."""
    answer_hashes: NDArray[np.uint64]
    """The hashes of single addresses that were answered, ascending."""
    answer_records: Numbers

    def answers(self, url: str, seen: Recorded) -> list[int]:
        """The numbers of the records that answer for the very address ``url``, as requested (a fragment never is)."""
        split, wanted = address(url), hash_of(url)
        places = range(*(int(np.searchsorted(self.answer_hashes, wanted, side=side)) for side in ("left", "right")))
        numbers = [int(self.answer_records[place]) for place in places]
        return [number for number in numbers if _requested(address(seen.column("url")[number].as_py())) == _requested(split)]


def _requested(split: tuple[str, str] | None) -> str:
    return split[1].partition("#")[0] if split else ""


def hash_of(url: str) -> np.uint64:
    """The hash of one address, as ``address_hashes`` gives it for columns."""
    book = AddressBook()
    return np.uint64(address_hashes(book, book.split(pa.array([url])))[0])


def microseconds(moment: datetime) -> int:
    """``moment`` in microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def last_moment(on: date, *, hindsight: bool = False) -> int:
    """The last microsecond that counts: of the day ``on`` in UTC, or of all time with ``hindsight``."""
    return int(np.iinfo(np.int64).max) if hindsight else microseconds(datetime.combine(on, time.max, UTC))


def build(seen: Recorded, ask: Ask, on: date, *, hindsight: bool = False) -> HostTable:
    """The host table of what was ``seen``, for the day ``on``."""
    book = AddressBook()
    addresses = book.split(seen.column("url"))
    located = seen.column("body").is_valid().to_numpy(zero_copy_only=False) & (addresses.codes >= 0)
    counting = np.flatnonzero(located & (seen.at <= last_moment(on, hindsight=hindsight)))
    answers = np.flatnonzero(~located & (addresses.codes >= 0))
    said = _said(seen, np.flatnonzero(located), Files(ask, seen.terms(last_moment(on, hindsight=hindsight))))
    of_answers = np.unique(addresses.codes[answers]).astype(np.int64)
    looked = Observations(addresses.codes[counting].astype(np.int64), _paths(seen, counting), seen.at[counting], counting)
    held = sites.standing(looked, book.authorities, of_answers)
    layout = sites.laid_out(held, said.at, of_answers)
    hashes, numbers = _answers(book, addresses, answers)
    return HostTable(_arrays(book, held, layout, said.tables, hashes), layout.roots, said.sayings, held.records, hashes, numbers)


def _paths(seen: Recorded, rows: Numbers) -> Numbers:
    """A number for the path of each of these records."""
    urls = seen.column("url").take(pa.array(rows))
    return np.asarray(pc.replace_substring_regex(urls, PATH_AND_QUERY, "").dictionary_encode().indices.to_numpy()).astype(np.int64)


class _Said(NamedTuple):
    """What each record says; kinds are places in ``sayings``."""

    at: sites.Files
    sayings: list[Saying]
    tables: Tables


def _said(seen: Recorded, located: Numbers, files: Files) -> _Said:
    """What the records at ``located`` say, a file compiled once for each distinct body."""
    numbers = np.full(len(seen), NONE, np.int64)
    status, source, body = seen.numpy("status"), seen.numpy("source"), seen.numpy("body")
    came = located[~seen.failed[located] & ((status[located] < 400) | (status[located] >= 500))]
    robots = came[(source[came] == ROBOTS) & ((status[came] == NONE) | ((status[came] >= 200) & (status[came] < 300)))]
    distinct, place = np.unique(body[robots], return_inverse=True)
    numbers[robots] = files.robots(seen.bodies.take(pa.array(distinct)))[place]
    _others(seen, came[source[came] != ROBOTS], files, numbers)
    tables = files.tables()
    kinds, sayings = _kinds(seen, located, numbers, tables)
    programs = Lists(tables.file_starts.astype(np.int64), tables.file_programs.astype(np.int64))
    return _Said(sites.Files(kinds, numbers, programs), sayings, tables)


def _others(seen: Recorded, rows: Numbers, files: Files, numbers: Numbers) -> None:
    """Compile what is no robots.txt, once for each distinct answer."""
    known: dict[tuple[int, int, int], int] = {}
    columns = (seen.numpy("source"), seen.numpy("status"), seen.numpy("body"))
    for row in map(int, rows):
        source, status, body = (int(column[row]) for column in columns)
        key = (source, status, body)
        if key not in known:
            location = seen.record(row).location
            known[key] = files.other(location) if location else NONE
        numbers[row] = known[key]


def _kinds(seen: Recorded, located: Numbers, files: Numbers, tables: Tables) -> tuple[Numbers, list[Saying]]:
    """Number the records by what they say apart from where it applies."""
    shape = np.append(tables.file_shapes, 0).astype(np.int64)[np.maximum(files, NONE)]
    shape[files < 0] = files[files < 0]
    empty = pc.equal(pc.binary_length(seen.bodies), 0).to_numpy(zero_copy_only=False)
    body, status, source = seen.numpy("body"), seen.numpy("status"), seen.numpy("source")
    statuses, status_of = np.unique(status, return_inverse=True)
    key = np.zeros(len(seen), np.int64)
    for column, radix in (
        (source, len(SOURCES)),
        (status_of, len(statuses)),
        (seen.failed, 2),
        (np.append(empty, True)[body], 2),
        (shape + 2, 1 << 32),
    ):
        key = key * radix + column
    _, first, inverse = np.unique(key[located], return_index=True, return_inverse=True)
    kinds = np.zeros(len(seen), np.int64)
    kinds[located] = inverse.reshape(-1)
    counts = np.append(np.diff(tables.file_starts.astype(np.int64)), 0)
    sayings = []
    for row in located[first]:
        file = int(files[row])
        raw = tables.shapes[shape[row]] if file >= 0 else b""
        is_robots = source[row] == ROBOTS and file >= 0
        empties = bool(np.append(empty, True)[body[row]])
        sayings.append(Saying(SOURCES[source[row]], int(status[row]), bool(seen.failed[row]), empties, raw, is_robots, int(counts[file])))
    return kinds, sayings


def address_hashes(book: AddressBook, addresses: Addresses) -> NDArray[np.uint64]:
    """A hash of each row's address, 0 where there is none; equal addresses have equal hashes however they are spelled."""
    of_code = name_hashes(book.authorities.since(0).names)
    found = hashes_of(addresses.regular, of_code)
    found[addresses.odd] = hashes_of(addresses.irregular, of_code)
    return found


def _answers(book: AddressBook, addresses: Addresses, rows: Numbers) -> tuple[NDArray[np.uint64], Numbers]:
    """The hashes of the addresses that were answered, ascending, and the number of the record of each."""
    hashes = address_hashes(book, addresses)[rows]
    order = np.argsort(hashes, kind="stable")
    return hashes[order], rows[order]


def _arrays(book: AddressBook, held: Standing, layout: Layout, tables: Tables, hashes: NDArray[np.uint64]) -> HostArrays:
    names = book.authorities.since(0).names.take(pa.array(held.codes))
    starts, octets = np.frombuffer(names.buffers()[1], np.int64), np.frombuffer(names.buffers()[2] or b"", np.uint8)
    return HostArrays(
        slots=slots(names),
        name_starts=starts[: len(names) + 1],
        names=octets,
        site_of=np.arange(1, len(names) + 1, dtype=np.uint32),
        sites=layout.sites,
        listed=layout.listed,
        dates=held.dates.values,
        programs=tables.programs,
        rules=tables.rules,
        texts=tables.texts,
        answers=answered(hashes),
    )
