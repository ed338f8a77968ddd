"""The records that a run writes (WARC 1.1): what came back, why nothing did, what did not change; and how one is put into the file."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from typing import NamedTuple

from isal import isal_zlib

from sekisho.model import Observation
from sekisho.observe.archived import FAILURE, UNAVAILABLE
from sekisho.observe.client import Answer

UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
HTTP = "application/http; msgtype=response"
FIELDS = "application/warc-fields"
JOINED = b"X-Crawl-Transfer-Encoding"
"""What a Transfer-Encoding is called once the chunks are joined, as the large crawl archives have it."""
LEVEL = 1
GZIP = 31
"""The window of zlib with the head and tail of a gzip member around it."""


class Record(NamedTuple):
    """One record: ``named`` are the header lines of its kind, each with its line end."""

    kind: str
    at: datetime
    media: str
    block: bytes
    named: str


def response(answer: Answer) -> Record:
    """What was answered."""
    cut = f"WARC-Truncated: {answer.cut}\r\n" if answer.cut else ""
    named = f"{_about(answer.url, answer.address)}WARC-Payload-Digest: {_digest(answer.body)}\r\n{cut}"
    return Record("response", answer.at, HTTP, _head(answer) + answer.body, named)


def failure(url: str, at: datetime, why: str, address: str = "") -> Record:
    """That ``url`` was asked, and why no usable answer came."""
    return Record("metadata", at, FIELDS, f"{FAILURE}: {why}\r\n".encode(), _about(url, address))


def unavailable(url: str, at: datetime, why: str) -> Record:
    """That the redirects from ``url`` never end, and how."""
    return Record("metadata", at, FIELDS, f"{UNAVAILABLE}: {why}\r\n".encode(), _about(url, ""))


def unchanged(answer: Answer, earlier: Observation) -> Record:
    """That the server called what ``earlier`` saw unchanged."""
    refers = f"WARC-Refers-To-Date: {_date(earlier.at)}\r\n" if earlier.at else ""
    named = f"{_about(answer.url, answer.address)}WARC-Profile: {UNCHANGED}\r\nWARC-Refers-To-Target-URI: {answer.url}\r\n{refers}"
    return Record("revisit", answer.at, HTTP, _head(answer), named)


def written(record: Record, identity: str, info: str = "") -> bytes:
    """``record`` as it stands in a plain file, under the name ``identity``; ``info`` is the name of the ``warcinfo`` record it belongs to."""
    kind, at, media, block, named = record
    belongs = f"WARC-Warcinfo-ID: {info}\r\n" if info else ""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {identity}\r\nWARC-Date: {_date(at)}\r\n{named}{belongs}"
        f"WARC-Block-Digest: {_digest(block)}\r\nContent-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return b"".join((head.encode(), block, b"\r\n\r\n"))


def packed(record: bytes) -> bytes:
    """``record`` as one gzip member, as small as zlib makes it in half the time."""
    return isal_zlib.compress(record, LEVEL, GZIP)


def identities(count: int) -> list[str]:
    """So many random names for records (RFC 9562 section 5.4), drawn at once and written out by hand: the library's class costs more than the rest of a head."""
    drawn = os.urandom(16 * count).hex()
    return [_identity(drawn[start : start + 32]) for start in range(0, len(drawn), 32)]


def _identity(digits: str) -> str:
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}>"


def _about(url: str, address: str) -> str:
    return f"WARC-Target-URI: {url}\r\nWARC-IP-Address: {address}\r\n" if address else f"WARC-Target-URI: {url}\r\n"


def _head(answer: Answer) -> bytes:
    """The head of the answer as it came, save that a body that was joined is not called chunked."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}".rstrip().encode("utf-8", "replace")]
    lines += [b"%s: %s" % (JOINED if name.lower() == b"transfer-encoding" else name, value) for name, value in answer.headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _date(at: datetime) -> str:
    """A moment in UTC as ``WARC-Date`` writes it."""
    return at.isoformat(timespec="microseconds")[:26] + "Z"


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
