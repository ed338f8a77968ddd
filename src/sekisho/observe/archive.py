"""The WARC file that a run writes (WARC 1.1, one gzip member a record) and goes on with: what it holds is known, what was cut off is cut away.

Every record is one write, so that a kill leaves at most its last one unfinished.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from fastwarc.warc import ArchiveIterator, WarcRecordType

from sekisho.errors import InputError, SekishoError
from sekisho.formats.locks import hold
from sekisho.model import Observation
from sekisho.observe.archived import BROKEN, FAILURE, HEADER_BYTES, KINDS, is_unchanged, observation_at, target
from sekisho.observe.client import Answer

SUFFIXES = (".warc.gz", ".warc")
UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
HTTP = "application/http; msgtype=response"
FIELDS = "application/warc-fields"
JOINED = b"X-Crawl-Transfer-Encoding"
"""What a Transfer-Encoding is called once the chunks are joined, as the large crawl archives have it."""
SMALLEST_WINDOW, LARGEST_WINDOW = 10, 15
TAIL_BYTES = 32 << 20
"""More than one record of ours; a file that breaks farther from its end was not left by a kill."""
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
        self._info = self._write("warcinfo", datetime.now(UTC), FIELDS, fields, {"WARC-Filename": path.name})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.fsync(self._stream.fileno())
        self._stream.close()

    def earlier(self, url: str) -> Earlier | None:
        """What the file held of ``url`` when it was opened."""
        return self._held.get(url)

    def read(self, earlier: Earlier) -> Observation | None:
        """The observation that stands there."""
        return observation_at(self._stream, earlier.offset)

    def add(self, answer: Answer) -> None:
        """Write what came back: the answer, or why there is none."""
        if answer.failure:
            self.add_failure(answer.url, answer.at, answer.failure, answer.address)
            return
        block = b"".join((_head(answer), answer.body))
        named = {**_about(answer), "WARC-Payload-Digest": _digest(answer.body)}
        self._write("response", answer.at, HTTP, block, named | ({"WARC-Truncated": answer.cut} if answer.cut else {}))

    def add_failure(self, url: str, at: datetime, why: str, address: str = "") -> None:
        """Write that ``url`` was asked and why no usable answer came."""
        named = {"WARC-Target-URI": url} | ({"WARC-IP-Address": address} if address else {})
        self._write("metadata", at, FIELDS, f"{FAILURE}: {why}\r\n".encode(), named)

    def add_unchanged(self, answer: Answer, earlier: Observation) -> None:
        """Write that the server called what ``earlier`` saw unchanged."""
        named = {**_about(answer), "WARC-Profile": UNCHANGED, "WARC-Refers-To-Target-URI": answer.url}
        refers = {"WARC-Refers-To-Date": _date(earlier.at)} if earlier.at else {}
        self._write("revisit", answer.at, HTTP, _head(answer), named | refers)

    def _write(self, kind: str, at: datetime, media: str, block: bytes, named: Mapping[str, str]) -> str:
        """Append one record and give back its id."""
        identity = _identity()
        info = "" if kind == "warcinfo" else f"WARC-Warcinfo-ID: {self._info}\r\n"
        more = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        head = (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {identity}\r\nWARC-Date: {_date(at)}\r\n{more}{info}"
            f"WARC-Block-Digest: {_digest(block)}\r\nContent-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        record = b"".join((head.encode(), block, b"\r\n\r\n"))
        self._stream.write(_packed(record) if self._packed else record)
        return identity


def _about(answer: Answer) -> dict[str, str]:
    return {"WARC-Target-URI": answer.url, "WARC-IP-Address": answer.address}


def _head(answer: Answer) -> bytes:
    """The head of the answer as it came, save that a body that was joined is not called chunked."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}".rstrip().encode("utf-8", "replace")]
    lines += [b"%s: %s" % (JOINED if name.lower() == b"transfer-encoding" else name, value) for name, value in answer.headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _date(at: datetime) -> str:
    """A moment in UTC as ``WARC-Date`` writes it."""
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def _identity() -> str:
    """A random name for a record (RFC 9562 section 5.4), written out by hand: the library's class costs more than the rest of the head."""
    digits = os.urandom(16).hex()
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}>"


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _packed(record: bytes) -> bytes:
    """``record`` as one gzip member; a window no larger than the record saves most of the time of a small one."""
    window = min(max(len(record).bit_length(), SMALLEST_WINDOW), LARGEST_WINDOW)
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + window, window - 7)
    return packer.compress(record) + packer.flush()


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
