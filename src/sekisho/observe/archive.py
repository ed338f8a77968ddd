"""The WARC file that a run writes (WARC 1.1, one gzip member a record) and goes on with: what it holds is known, what was cut off is cut away.

Records are packed and written a batch at a time, which costs a third of what one by one does; a kill loses at most the batch that waits,
which is never older than a second when the next record comes, and leaves at most one record unfinished.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import IO, Any, NamedTuple, Self

from fastwarc.warc import ArchiveIterator, WarcRecordType

from sekisho.errors import InputError, SekishoError
from sekisho.formats.locks import hold
from sekisho.model import Observation
from sekisho.observe import warc_records
from sekisho.observe.archived import BROKEN, HEADER_BYTES, KINDS, is_unchanged, observation_at, target
from sekisho.observe.client import Answer
from sekisho.observe.warc_records import FIELDS, Record, identities, packed, written

SUFFIXES = (".warc.gz", ".warc")
TAIL_BYTES = 32 << 20
"""More than one record of ours; a file that breaks farther from its end was not left by a kill."""
BATCH_RECORDS, BATCH_BYTES, BATCH_S = 64, 1 << 20, 1.0
LENGTH = re.compile(rb"\r\nContent-Length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)


class Earlier(NamedTuple):
    """What the file holds of an address: where the answer stands, and when it was last seen to be so."""

    offset: int
    at: datetime


class Archive:
    """A WARC file opened to be gone on with; ``about`` goes into the ``warcinfo`` record of this run."""

    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        if not path.name.endswith(SUFFIXES):
            raise InputError(
                f"{path} should end in .warc.gz or .warc: that is what observations are written as.",
                f"{path}：観測記録は .warc.gz または .warc という名前のファイルに書き出します。",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        self._packed = path.name.endswith(".gz")
        self._stream: IO[bytes] = path.open("a+b", buffering=0)
        try:
            hold(self._stream.fileno(), path)
            self._held = _index(path, self._stream, packed=self._packed)
        except SekishoError:
            self._stream.close()
            raise
        fields = "".join(f"{name}: {value}\r\n" for name, value in about.items()).encode()
        (self._info,), self._written_at = identities(1), monotonic()
        self._append([written(Record("warcinfo", datetime.now(UTC), FIELDS, fields, f"WARC-Filename: {path.name}\r\n"), self._info)])
        self._waiting: list[Callable[[], Record]] = []
        self._waiting_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.write()
        os.fsync(self._stream.fileno())
        self._stream.close()

    def earlier(self, url: str) -> Earlier | None:
        """What the file held of ``url`` when it was opened."""
        return self._held.get(url)

    def read(self, earlier: Earlier) -> Observation | None:
        """The observation that stands there."""
        return observation_at(self._stream, earlier.offset)

    def add(self, answer: Answer) -> None:
        """Keep what came back: the answer, or why there is none."""
        if answer.failure:
            self.add_failure(answer.url, answer.at, answer.failure, answer.address)
        else:
            self._keep(partial(warc_records.response, answer), len(answer.body))

    def add_failure(self, url: str, at: datetime, why: str, address: str = "") -> None:
        """Keep that ``url`` was asked and why no usable answer came."""
        self._keep(partial(warc_records.failure, url, at, why, address))

    def add_unavailable(self, url: str, at: datetime, why: str) -> None:
        """Keep that the redirects from ``url`` never end, and how."""
        self._keep(partial(warc_records.unavailable, url, at, why))

    def add_unchanged(self, answer: Answer, earlier: Observation) -> None:
        """Keep that the server called what ``earlier`` saw unchanged."""
        self._keep(partial(warc_records.unchanged, answer, earlier))

    def _keep(self, make: Callable[[], Record], size: int = 0) -> None:
        """Put a record to those that wait, and write them all when they are many, large or old."""
        self._waiting.append(make)
        self._waiting_bytes += size
        if len(self._waiting) >= BATCH_RECORDS or self._waiting_bytes >= BATCH_BYTES or monotonic() - self._written_at >= BATCH_S:
            self.write()

    def write(self) -> None:
        """Write the records that wait: made, packed and written together, while all that does it is at hand in the processor."""
        waiting, self._waiting, self._waiting_bytes, self._written_at = self._waiting, [], 0, monotonic()
        self._append([written(make(), identity, self._info) for make, identity in zip(waiting, identities(len(waiting)), strict=True)])

    def _append(self, records: list[bytes]) -> None:
        left = memoryview(b"".join(map(packed, records) if self._packed else records))
        while left:
            left = left[self._stream.write(left) :]


def _index(path: Path, stream: IO[bytes], *, packed: bool) -> dict[str, Earlier]:
    """The last answer of each address in the file, which is cut back to its last whole record; raises InputError when it is no such file."""
    held: dict[str, Earlier] = {}
    last = -1
    stream.seek(0)
    with suppress(*BROKEN):  # what a plain file that was cut ends in
        for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False, max_header_len=HEADER_BYTES):
            last = record.stream_pos
            if record.record_type & KINDS and record.record_date:
                _note(held, record)
    size = os.fstat(stream.fileno()).st_size
    whole = _whole_until(stream, max(last, 0), size, _member_end if packed else _record_end)
    if size - whole > TAIL_BYTES or (last < 0 and not _is_first_record_cut(stream, whole, size)):
        raise InputError(
            f"{path} is no WARC file that can be gone on with: it breaks at byte {whole}. Choose another name.",
            f"{path} は続きを書き込める WARC ファイルではありません（{whole} バイト目で壊れています）。別の名前を指定してください。",
        )
    os.ftruncate(stream.fileno(), whole)
    return {url: earlier for url, earlier in held.items() if earlier.offset < whole}


def _note(held: dict[str, Earlier], record: Any) -> None:
    """Take a record into the index: a confirmation makes the answer before it newer, everything else replaces it."""
    url = target(record)
    if record.record_type != WarcRecordType.revisit:
        held[url] = Earlier(record.stream_pos, record.record_date)
    elif url in held and is_unchanged(record):
        held[url] = Earlier(held[url].offset, record.record_date)


def _is_first_record_cut(stream: IO[bytes], whole: int, size: int) -> bool:
    """Whether a file in which no record was found is empty, or was left at the very first one."""
    stream.seek(0)
    return not size or (not whole and stream.read(4).startswith((b"\x1f\x8b", b"WARC")))


def _whole_until(stream: IO[bytes], at: int, size: int, end_of: Callable[[bytes], int]) -> int:
    """Where the last whole record ends, looking on from ``at``, where one begins."""
    while at < size:
        stream.seek(at)
        length = end_of(stream.read(TAIL_BYTES))
        if not length:
            break
        at += length
    return at


def _member_end(data: bytes) -> int:
    """The length of the gzip member that ``data`` begins with, 0 when it is cut or none."""
    member, rest = zlib.decompressobj(31), data
    try:
        while not member.eof:
            unpacked = member.decompress(rest, TAIL_BYTES)
            rest = member.unconsumed_tail
            if not rest and not unpacked:
                return 0
    except zlib.error:
        return 0
    return len(data) - len(member.unused_data)


def _record_end(data: bytes) -> int:
    """The length of the plain record that ``data`` begins with, 0 when it is cut or none."""
    head = data.find(b"\r\n\r\n")
    length = LENGTH.search(data, 0, max(head, 0) + 2)
    end = head + 4 + int(length[1]) + 4 if length else 0
    return end if head > 0 and end <= len(data) else 0
