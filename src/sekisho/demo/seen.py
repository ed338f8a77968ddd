"""Reads what was observed out of published packages: robots.txt files, what sites answered, saved pages. No served byte is made up.

A moment is the recorded one where the package recorded it, else the package's own date, by which the bytes were there at the latest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sekisho.demo.packages import members
from sekisho.demo.rows import table

OK = 200
NOT_HELD = "answered, but the package holds only the SHA-256 and length of the body"
REFUSED = re.compile(r"aborted: homepage returned HTTP (\d{3})")
UNREACHED = re.compile(r"aborted: homepage unreachable: (.+)")


class Seen(NamedTuple):
    """One observation, as a row of the columns that ``--observed`` reads."""

    url: str
    at: datetime
    status: int | None
    body: bytes
    failure: str | None = None


def robots(package: Path) -> Iterator[Seen]:
    """The robots.txt files in Protego's tests, named for their hosts.

    The package's fetching script saves successful answers only, hence the status; it did not record the moment, so the files' time stands for it.
    """
    for member in members(package, "tests/test_data/*"):
        yield Seen(f"https://{Path(member.path).name.removesuffix(':443')}/robots.txt", member.at, OK, member.body)


def answers(package: Path, bodies: Mapping[str, bytes]) -> Iterator[Seen]:
    """What the sites of geo-check's corpus answered, at the recorded moment.

    The package records the SHA-256 of each robots.txt, not the bytes. Where one of ``bodies`` (by SHA-256) has that digest it is what was
    served; else the answer is one that cannot be read.
    """
    for line in table(package, "data/corpus_manifest.csv"):
        at = datetime.fromisoformat(line["fetched_at"])
        if line["robots_status"]:
            yield _robots_answer(line, at, bodies.get(line["robots_sha256"]))
        elif refused := REFUSED.match(line["outcome"]):
            yield Seen(f"https://{line['domain']}/", at, int(refused[1]), b"")
        elif unreached := UNREACHED.match(line["outcome"]):
            yield Seen(f"https://{line['domain']}/", at, None, b"", unreached[1])


def _robots_answer(line: Mapping[str, str], at: datetime, body: bytes | None) -> Seen:
    status = int(line["robots_status"])
    unread = status == OK and body is None
    return Seen(line["robots_url"], at, status, body or b"", NOT_HELD if unread else None)


def by_digest(seen: Iterable[Seen]) -> dict[str, bytes]:
    """The bodies of ``seen`` by SHA-256 in hex, and the empty body."""
    return {hashlib.sha256(body).hexdigest(): body for body in (b"", *(each.body for each in seen))}


def pages(package: Path) -> Iterator[Seen]:
    """The whole pages in newspaper4k's tests, dated by the release that carries them (first dated line of its change log); saved as pages, hence the status."""
    at = next(_released(member.body) for member in members(package, "CHANGELOG.md"))
    addresses = {Path(member.path).stem: json.loads(member.body).get("url") for member in members(package, "tests/data/metadata/*.json")}
    for member in members(package, "tests/data/html/*.html"):
        if url := addresses.get(Path(member.path).stem):
            yield Seen(url, at, OK, member.body)


def _released(changes: bytes) -> datetime:
    """The day of the newest release in a change log."""
    newest = re.findall(rb"\((\d{4}-\d\d-\d\d)\)", changes)[0]
    return datetime.fromisoformat(newest.decode()).replace(tzinfo=UTC)
