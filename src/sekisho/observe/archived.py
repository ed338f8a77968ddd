"""Reads observations back out of WARC files: answers, failures, and confirmations that nothing changed (WARC 1.1).

A ``response`` is an answer; one that was cut short other than by our own limit is a failure. A ``metadata`` record with ``fetch-failure`` says
why nothing came, one with ``fetch-unavailable`` that redirects never end. A ``revisit`` after a 304 is the answer it refers to, seen again later; other revisits are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from sekisho.formats.coding import decoded, joined
from sekisho.model import ENDLESS, Observation
from sekisho.observe.sources import source_of

BODY_BYTES = HEADER_BYTES = 16 << 20
FAILURE = "fetch-failure"
UNAVAILABLE = "fetch-unavailable"
"""Says of an address that nothing is there to be read because its redirects never end, and how."""
NOT_MODIFIED = "server-not-modified"
KINDS = WarcRecordType.response | WarcRecordType.metadata | WarcRecordType.revisit
BROKEN = (OSError, ValueError, EOFError)
"""What fastwarc raises on a broken file."""


def observations(path: Path, problems: list[str]) -> Iterator[Observation]:
    """The observations of a WARC in order; where it breaks off, those before stand and ``problems`` grows."""
    places: dict[tuple[str, str], int] = {}
    try:
        with path.open("rb") as stream, path.open("rb") as again:
            for record in _records(stream):
                yield from _seen(record, places, again)
    except BROKEN as error:
        problems.append(f"{path}: {error}")


def observation_at(stream: IO[bytes], offset: int) -> Observation | None:
    """The observation that begins at ``offset``; None when what stands there is none."""
    stream.seek(offset)
    for record in _records(stream):
        return next(_seen(record, {}, stream), None)
    return None


def _records(stream: IO[bytes]) -> ArchiveIterator:
    return ArchiveIterator(stream, record_types=KINDS, parse_http=False, max_header_len=HEADER_BYTES)


def _seen(record: Any, places: dict[tuple[str, str], int], again: IO[bytes]) -> Iterator[Observation]:
    """What one record says was seen; ``places`` remembers where each answer stands, for revisits to be looked up through ``again``."""
    url, date = target(record), record.headers.get("WARC-Date", "")
    if record.record_type == WarcRecordType.revisit:
        first = places.get((_bare(record, "WARC-Refers-To-Target-URI"), record.headers.get("WARC-Refers-To-Date", "")))
        earlier = observation_at(again, first) if first is not None and is_unchanged(record) else None
        if earlier:
            yield replace(earlier, at=record.record_date)
    elif record.record_type == WarcRecordType.metadata:
        seen, said = Observation(url, source_of(url, "", b""), at=record.record_date), _fields(record)
        if FAILURE in said:
            yield replace(seen, failure=said[FAILURE])
        elif UNAVAILABLE in said:
            yield replace(seen, status=ENDLESS)
    else:
        places[url, date] = record.stream_pos
        yield _answer(record, url)


def target(record: Any) -> str:
    """The address a record is about."""
    return _bare(record, "WARC-Target-URI")


def is_unchanged(record: Any) -> bool:
    """Whether a revisit says that the server called its answer unchanged."""
    return NOT_MODIFIED in (record.headers.get("WARC-Profile") or "")


def _bare(record: Any, name: str) -> str:
    return str(record.headers.get(name) or "").strip("<>")


def _fields(record: Any) -> dict[str, str]:
    """The fields of a metadata record by name in lower case; those without a value left out."""
    lines = record.reader.read(4096).decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":")[::2] for line in lines)
    return {name.lower(): value.strip() for name, value in pairs if value.strip()}


def _answer(record: Any, url: str) -> Observation:
    """One response as an observation; a body shorter than it announces is a failure, not an answer."""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    raw, failure = b"", ""
    try:
        record.parse_http(max_header_len=HEADER_BYTES, quirks_mode=True)
        status, headers = record.http_headers.status_code, tuple(header(*pair) for pair in record.http_headers.astuples())
        raw = record.reader.read(BODY_BYTES)
    except BROKEN as error:
        failure = f"record unreadable: {error}"
    seen = Observation(url, source_of(url, "", b""), headers=headers, status=status, at=record.record_date)
    if failure or status is None:
        return replace(seen, failure=failure or "record cut short")
    cut = str(record.headers.get("WARC-Truncated") or "").lower()
    body, fault = body_of(seen, raw, cut)
    kind = next(iter(seen.header("content-type")), "")
    return replace(seen, source=source_of(url, kind, body), body=body, failure=fault)


def header(name: str, value: str) -> tuple[str, str]:
    """A header as text: UTF-8 where it is that, else Latin-1 as it comes."""
    with suppress(UnicodeError):
        value = value.encode("latin-1").decode()
    return name, value


def body_of(seen: Observation, raw: bytes, cut: str) -> tuple[bytes, str | None]:
    """The body as the server meant it, and why it cannot be taken for that; ``cut`` as in ``WARC-Truncated``."""
    if cut not in {"", "length"}:
        return b"", f"body cut short ({cut})"
    announced = next(iter(seen.header("content-length")), "")
    if not cut and announced.isdecimal() and len(raw) < min(int(announced[:18]), BODY_BYTES):
        return b"", "body cut short"
    whole = joined(raw) if "chunked" in ",".join(seen.header("transfer-encoding")).lower() else raw
    body, fault = decoded(whole, seen.header("content-encoding"), BODY_BYTES)
    return body, (None if cut and body else fault or None)
