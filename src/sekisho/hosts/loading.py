"""Reads observations into columns: plain answers of well-known addresses in Parquet whole batches at a time, all others one by one.

The readable twin is ``sekisho.observe.load``; what it says is what counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sekisho.addresses import AddressBook
from sekisho.hosts.recorded import SCHEMA, SOURCES, Recorded, in_order, rows_of
from sekisho.model import Ask, Observation
from sekisho.observe import records
from sekisho.observe.redirects import STATUSES, destination, followed
from sekisho.observe.sources import LOCATION_SOURCES, WELL_KNOWN

BATCH_ROWS = 65_536
SLOW_ROWS = 4_096
_AT = SCHEMA.field("at").type
PLAIN_ADDRESS = r"^https?://[^/?#\\\x00-\x20]+"


@dataclass
class _Bodies:
    """Distinct bodies of what speaks for whole authorities, numbered in the order met."""

    numbers: dict[bytes, int] = field(default_factory=dict)
    kept: list[bytes] = field(default_factory=list)

    def number(self, digest: bytes, body: bytes) -> int:
        """The number of a body; only as much of it is kept as is read."""
        found = self.numbers.setdefault(digest, len(self.kept))
        if found == len(self.kept):
            self.kept.append(body[: records.LOCATION_BYTES])
        return found


def load(paths: Iterable[Path], ask: Ask, archives: Iterable[Path] = ()) -> Recorded:
    """The observations in ``paths``, and of ``archives`` what speaks for whole authorities, as ``sekisho.observe.load`` reads them."""
    problems: list[str] = []
    bodies = _Bodies()
    tables = [SCHEMA.empty_table()]
    for path in paths:
        for file in records.files_of(path):
            tables += (
                _parquet(file, ask, bodies, problems) if file.suffix == ".parquet" else _slow(records.read(file, problems), ask, bodies)
            )
    for file in archives:
        tables += _slow((o for o in records.read(file, []) if o.source in LOCATION_SOURCES), ask, bodies)
    seen = in_order(pa.concat_tables(tables))
    urls = seen.column("url").combine_chunks()
    nowhere = urls.filter(pa.array(AddressBook().split(urls).codes < 0)).to_pylist()
    problems += [f"{url[:200]}: not an http(s) address" for url in nowhere]
    return Recorded(seen, pa.array(bodies.kept, pa.large_binary()), problems)


def _slow(observations: Iterable[Observation], ask: Ask, bodies: _Bodies) -> Iterator[pa.Table]:
    """Observations read one by one."""
    waiting = []
    for observation in observations:
        waiting.append(observation)
        if len(waiting) == SLOW_ROWS:
            yield _rows(waiting, ask, bodies)
            waiting = []
    yield _rows(waiting, ask, bodies)


def _rows(observations: list[Observation], ask: Ask, bodies: _Bodies) -> pa.Table:
    made = [records.record_of(observation, ask) for observation in observations]
    return rows_of(made, bodies.number)


def _parquet(file: Path, ask: Ask, bodies: _Bodies, problems: list[str]) -> Iterator[pa.Table]:
    """The rows of one file: the plain ones as columns, the others one by one, in their order."""
    odd: list[Observation] = []
    try:
        targets = _targets(file)
        for batch in records.batches(file, BATCH_ROWS):
            plain = _plain(batch, targets)
            if plain.any():
                yield _columns(pa.Table.from_batches([batch]).filter(pa.array(plain)), bodies)
            odd += [records.of_row(row) for row in batch.filter(pa.array(~plain)).to_pylist()]
    except (pa.ArrowException, OSError) as error:
        problems.append(f"{file}: {error}")
    yield from _slow(followed(odd), ask, bodies)


def _targets(file: Path) -> pa.Array:
    """The addresses that redirects in ``file`` lead to: what was answered there counts elsewhere too."""
    found: set[str] = set()
    names = pq.read_schema(file).names
    if {"status", "headers", "url"} <= set(names):
        for batch in records.batches(file, BATCH_ROWS, ("url", "status", "headers")):
            moved = batch.filter(
                pc.is_in(batch.column("status").cast(pa.int64(), safe=False), value_set=pa.array(sorted(STATUSES), pa.int64()))
            )
            for row in moved.to_pylist():
                location = next(iter(records.of_row(row).header("location")), "")
                found.add(destination(str(row["url"] or ""), location) if location else "")
    return pa.array(sorted(found), pa.string())


def _plain(batch: pa.RecordBatch, targets: pa.Array) -> NDArray[np.bool_]:
    """Which rows are answers of well-known addresses, spelled plainly, that no redirect leads to or from."""
    kinds = {"url": pa.types.is_string, "status": pa.types.is_integer, "at": pa.types.is_timestamp, "body": pa.types.is_binary}
    columns = {name: batch.column(name) for name in batch.schema.names}
    if any(name not in columns or not fits(columns[name].type) for name, fits in kinds.items()):
        return np.zeros(len(batch), np.bool_)
    status = columns["status"].cast(pa.int64())
    answered = pc.and_(pc.is_valid(status), pc.invert(pc.is_in(status, value_set=pa.array(sorted(STATUSES), pa.int64()))))
    known = pc.is_in(_path(columns["url"]), value_set=pa.array(list(WELL_KNOWN)))
    small = pc.less(pc.fill_null(pc.binary_length(columns["body"]), 0), records.LOCATION_BYTES)
    usual = pc.and_(pc.greater_equal(status, 100), pc.less(status, 600))
    plain = pc.and_(pc.and_(answered, known), pc.and_(small, usual))
    if "failure" in columns:
        plain = pc.and_(plain, pc.is_null(columns["failure"]))
    if "headers" in columns:
        plain = pc.and_(plain, pc.invert(pc.is_in(columns["url"], value_set=targets)))
    return np.asarray(plain.fill_null(False).to_numpy(zero_copy_only=False))


def _path(urls: pa.Array) -> pa.Array:
    """Path and query of plainly spelled addresses; of others something that is no path."""
    return pc.replace_substring_regex(urls, pattern=PLAIN_ADDRESS, replacement="")


def _columns(table: pa.Table, bodies: _Bodies) -> pa.Table:
    """Plain rows as columns."""
    octets = [body or b"" for body in table.column("body").to_pylist()]
    digests = [hashlib.sha256(body).digest() for body in octets]
    numbers = [bodies.number(digest, body) for digest, body in zip(digests, octets, strict=True)]
    paths = _path(table.column("url").combine_chunks()).dictionary_encode()
    sources = [SOURCES.index(WELL_KNOWN[path]) for path in paths.dictionary.to_pylist()]
    found: dict[str, Any] = {
        "url": table.column("url").cast(pa.large_string()),
        "at": pc.fill_null(table.column("at").cast(pa.timestamp("us", table.column("at").type.tz), safe=False).cast(_AT), records.NEVER),
        "digest": pa.array(digests, pa.binary(32)),
        "status": table.column("status").cast(pa.int32()),
        "source": pa.array(sources, pa.int8()).take(paths.indices),
        "body": pa.array(numbers, pa.int32()),
    }
    return pa.table([found.get(name, pa.nulls(len(table), SCHEMA.field(name).type)) for name in SCHEMA.names], schema=SCHEMA)
