"""WARC and WET: each response (or converted text) is an item; what it answered with is in hand, its robots records are observations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from sekisho.datasets import CONTENT_BYTES, LOCATED, Batch, Found, Piece, batched
from sekisho.formats.coding import decoded, joined
from sekisho.formats.media import sniff
from sekisho.model import Observation, Source, Spec, Text

SPEC = Spec(
    name="warc",
    title=Text("WARC and WET", "WARC と WET"),
    version="1.1",
    dated=date(2017, 8, 1),
    status="standard",
    address="https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Each response is an item; its headers, page and file are read for signals, its date is the moment of capture.",
        "各応答を対象データとし、ヘッダー・ページ・ファイル内の意思表示を読みます。記録日時を取得日時とします。",
    ),
    unsure=Text("", ""),
    sources=(),
)
SUFFIXES = tuple(f"{kind}{packed}" for kind in (".warc", ".wet") for packed in ("", ".gz", ".zst", ".lz4"))
SCHEMA = LOCATED.append(pa.field("warc_date", pa.timestamp("us", "UTC")))
KINDS = WarcRecordType.response | WarcRecordType.conversion
BROKEN = (OSError, ValueError, EOFError)
BLOCK_BYTES = 1 << 20


def recognises(path: Path) -> bool:
    """Tell by the suffix, compressed or not."""
    return path.name.lower().endswith(SUFFIXES)


def pieces(path: Path) -> list[Piece]:  # noqa: ARG001 - the interface: records cannot be counted without reading
    """The file as one shard."""
    return [Piece()]


def schema(path: Path) -> pa.Schema:  # noqa: ARG001 - the interface
    """Address, place in the file (byte offset), media type, SHA-256 of the content, moment of capture."""
    return SCHEMA


def read(path: Path, piece: Piece) -> Iterator[Batch]:  # noqa: ARG001 - the interface: a WARC is one piece
    """The records in order; where the file breaks off, a last row says so."""
    return batched(_records(path), SCHEMA)


def _records(path: Path) -> Iterator[Found]:
    place, size = 0, path.stat().st_size or 1
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=KINDS, parse_http=False, quirks_mode=True):
                place = record.stream_pos
                yield _item(record, place / size)
    except BROKEN as error:
        yield Found({"locator": str(place)}, None, f"after byte {place}: {error}", 1)


def _item(record: Any, share: float) -> Found:
    """One record as a row, with what it answered; a body that cannot be read is an answer that failed."""
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    raw, failure = _raw(record)
    if record.record_type == WarcRecordType.response:
        body, status, headers, wrong = _answer(raw)
        failure = failure or wrong
    else:
        body, status, headers = raw, None, ()
    media = sniff(body, url)
    row = {
        "url": url,
        "locator": str(record.stream_pos),
        "media": media.type,
        "digest": hashlib.sha256(body).hexdigest(),
        "warc_date": record.record_date,
    }
    content = Observation(url, media.source or Source.HEADERS, body[:CONTENT_BYTES], headers, status, record.record_date, failure)
    return Found(row, content, "", share)


def _raw(record: Any) -> tuple[bytes, str | None]:
    """The record's block, or as much as is ever read of one, and what is wrong when it is shorter than the record says."""
    declared, length = record.content_length, 0
    raw = record.reader.read(CONTENT_BYTES + 1)
    length = len(raw)
    while block := record.reader.read(BLOCK_BYTES):
        length += len(block)
    return raw, f"record cut short: {length} of {declared} bytes" if length < declared else None


def _answer(raw: bytes) -> tuple[bytes, int | None, tuple[tuple[str, str], ...], str | None]:
    """Body with its codings undone, status and headers of an HTTP answer, and what is wrong; what breaks in here breaks nothing outside."""
    record = WarcRecord()
    record.init_headers(WarcRecordType.response)
    record.is_http = True
    record.set_bytes_content(raw)
    try:
        record.parse_http(quirks_mode=True)
        status, headers = record.http_headers.status_code, tuple(record.http_headers.astuples())
        body = record.reader.read()
    except (*BROKEN, AttributeError):
        status, headers, body = None, (), b""
    if status is None:
        return b"", None, (), "no HTTP answer in the record"
    named = [(name.lower(), value) for name, value in headers]
    chunked = any(name == "transfer-encoding" and "chunked" in value.lower() for name, value in named)
    plain = decoded(joined(body) if chunked else body, [value for name, value in named if name == "content-encoding"], CONTENT_BYTES + 1)
    fault = plain.fault or ("longer than 64 MiB" if len(plain.body) > CONTENT_BYTES else "")
    return plain.body, status, headers, f"body unreadable: {fault}" if fault else None
