"""Observations as columns: numbered in the order of (url, time, digest, status), bodies kept once; they may lie in a file mapped into memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho.addresses import address
from sekisho.model import Authenticated, Axis, Evidence, Level, Observation, Offer, Signal, Source, Value
from sekisho.observe import Record

SOURCES = tuple(Source)
NO_BODY = -1
SCHEMA = pa.schema(
    [
        ("url", pa.large_string()),
        ("at", pa.timestamp("us", "UTC")),
        ("digest", pa.binary(32)),
        ("status", pa.int32()),
        ("source", pa.int8()),
        ("failure", pa.large_string()),
        ("body", pa.int32()),
        ("said", pa.large_string()),
        ("document", pa.int32()),
    ]
)
"""``body`` and ``document`` are numbers among the bodies, of what speaks for a whole authority and of terms that others point to; ``said`` is
what an answer said, in JSON."""
ORDER = [(name, "ascending") for name in ("url", "at", "digest", "status")]


@dataclass(frozen=True)
class Recorded:
    """Every observation of a run; ``problems`` says which could not be read, and why."""

    table: pa.Table
    bodies: pa.Array
    problems: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def numpy(self, name: str, missing: int = -1) -> NDArray[Any]:
        """A column of numbers."""
        return np.asarray(pc.fill_null(self._columns[name], missing).to_numpy(zero_copy_only=False))

    @cached_property
    def _columns(self) -> dict[str, pa.Array]:
        return {name: _whole(self.table.column(name)) for name in SCHEMA.names}

    def column(self, name: str) -> pa.Array:
        """A column in one piece."""
        return self._columns[name]

    @cached_property
    def at(self) -> NDArray[np.int64]:
        """The moment of each observation in microseconds since 1970."""
        return np.asarray(self.column("at").cast(pa.int64()).to_numpy())

    @cached_property
    def failed(self) -> NDArray[np.bool_]:
        """What was asked for without a usable answer (time-out, network failure, 5xx)."""
        return np.asarray(self.column("failure").is_valid().to_numpy(zero_copy_only=False) | (self.numpy("status") >= 500))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over addresses, moments, digests and statuses, whatever files they came in."""
        said = hashlib.sha256()
        for column in (pc.binary_length(self.column("url")), self.column("at").cast(pa.int64()), pc.fill_null(self.column("status"), 0)):
            said.update(column.to_numpy())
        for column in (self.column("url"), self.column("digest").cast(pa.large_binary())):
            said.update(_octets(column))
        return said.hexdigest()

    @property
    def records(self) -> list[Record]:
        """Every observation, one by one."""
        return [self.record(number) for number in range(len(self))]

    def record(self, number: int) -> Record:
        """One observation, with the bytes of what speaks for a whole authority."""
        row = {name: column[number].as_py() for name, column in self._columns.items()}
        source, at = SOURCES[row["source"]], row["at"]
        location = None
        if row["body"] is not None:
            body = self.bodies[row["body"]].as_py()
            location = Observation(row["url"], source, body, (), row["status"], at, row["failure"])
        said = tuple(_signal(each) for each in json.loads(row["said"] or "[]"))
        document = None
        if row["document"] is not None:
            document = Observation(row["url"], source, self.bodies[row["document"]].as_py(), (), row["status"], at, row["failure"])
        return Record(row["url"], source, at, row["status"], row["digest"].hex(), row["failure"], location, said, document)

    def terms(self, until: int) -> dict[str, tuple[int, Observation]]:
        """The terms on record by address: of each the number and the content of the latest record not after the moment ``until``, in microseconds."""
        held = self.column("document").is_valid().to_numpy(zero_copy_only=False) & (self.at <= until)
        found = ((number, self.record(number).document) for number in np.flatnonzero(held).tolist())
        return {_address(document.url): (number, document) for number, document in found if document}


def _address(url: str) -> str:
    found = address(url)
    return found[1] if found else url


def in_order(table: pa.Table) -> pa.Table:
    """The rows of ``table`` numbered as they stay numbered, of equal ones the last."""
    keyed = table.set_column(table.schema.get_field_index("status"), "status", pc.fill_null(table.column("status"), 0))
    order = pc.sort_indices(keyed, sort_keys=ORDER)
    ordered = keyed.select([name for name, _ in ORDER]).take(order)
    last = np.ones(len(ordered), np.bool_)
    if len(ordered) > 1:
        same = [pc.equal(ordered.column(name)[1:], ordered.column(name)[:-1]).to_numpy() for name, _ in ORDER]
        last[:-1] = ~np.logical_and.reduce(same)
    return table.take(order.filter(pa.array(last)))


def _octets(column: pa.Array) -> memoryview:
    """The octets of a column of large strings or binaries, one after the other."""
    _, offsets, octets = column.buffers()
    bounds = np.frombuffer(offsets, np.int64)[column.offset :][: len(column) + 1] if len(column) else np.zeros(1, np.int64)
    return memoryview(octets or b"")[int(bounds[0]) : int(bounds[-1])]


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def said_in_json(signals: Sequence[Signal]) -> str | None:
    """Signals as text, None for none."""
    return (
        json.dumps([{**asdict(each), "conditions": sorted(each.conditions)} for each in signals], ensure_ascii=False) if signals else None
    )


def _signal(row: dict[str, Any]) -> Signal:
    """A signal from its JSON."""
    return Signal(
        row["protocol"],
        row["version"],
        Level(row["level"]),
        row["scope"],
        Axis(row["axis"]),
        Value(row["value"]),
        Evidence(**row["evidence"]),
        frozenset(row["conditions"]),
        tuple(Offer(**offer) for offer in row["offers"]),
        row["addressee"],
        Authenticated(row["authenticated"]),
        tuple(row["warnings"]),
    )


def rows_of(records: Sequence[Record], number: Callable[[bytes, bytes], int]) -> pa.Table:
    """Records as rows; ``number`` gives the number of a body, of which it is told the digest."""
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    for record in records:
        digest = bytes.fromhex(record.digest)
        columns["url"].append(record.url)
        columns["at"].append(record.at if record.at.year > 1 else datetime.min.replace(tzinfo=UTC))
        columns["digest"].append(digest)
        columns["status"].append(record.status)
        columns["source"].append(SOURCES.index(record.source))
        columns["failure"].append(record.failure)
        columns["body"].append(number(digest, record.location.body) if record.location else None)
        columns["document"].append(number(digest, record.document.body) if record.document else None)
        columns["said"].append(said_in_json(record.signals))
    return pa.table(columns, schema=SCHEMA)
