"""The ``Link`` header (RFC 8288 section 3): addresses in angle brackets, each with parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LIMIT = 64 * 1024
TARGET = re.compile(r"<([^<>]*)>")
PARAMETER = re.compile(r'\s*;\s*([^\s=;,"<>]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?')


class Link(NamedTuple):
    """One link: its address as written, its relations in lower case, its media type in lower case without parameters."""

    target: str
    relations: frozenset[str]
    type: str
    text: str


def links(values: Iterable[str]) -> Iterator[Link]:
    """The links of every ``Link`` header line; what follows a spelling that is none is passed over up to the next angle bracket."""
    for value in values:
        yield from _links(value[:LIMIT])


def _links(value: str) -> Iterator[Link]:
    at = 0
    while found := TARGET.search(value, at):
        parameters, end = _parameters(value, found.end())
        relations = frozenset(parameters.get("rel", "").lower().split())
        yield Link(
            found[1].strip(), relations, parameters.get("type", "").split(";")[0].strip().lower(), value[found.start() : end].strip(" ,")
        )
        at = end


def _parameters(value: str, at: int) -> tuple[dict[str, str], int]:
    """The parameters from ``at``, the first of each name (section 3.3), and where they end."""
    said: dict[str, str] = {}
    while found := PARAMETER.match(value, at):
        quoted = found[2]
        said.setdefault(found[1].lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found[3] or "")
        at = found.end()
    return said, at
