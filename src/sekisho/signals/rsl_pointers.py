"""The places that point to RSL terms kept elsewhere: robots.txt, the Link header, a page (RSL 1.0 sections 4.4 to 4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from sekisho.formats import html
from sekisho.formats.link_header import links
from sekisho.formats.robots_lines import Line
from sekisho.model import Evidence, Level, Observation, quote
from sekisho.signals.agents import spelled
from sekisho.signals.robots_groups import RobotsTxt

MEDIA_TYPE = "application/rsl+xml"


class Pointer(NamedTuple):
    """Terms at ``uri`` for ``addressee``; ``warnings`` say when the pointer covers a part only, or is not spelt as it must be."""

    uri: str
    level: Level
    evidence: Evidence
    addressee: str = "*"
    warnings: tuple[str, ...] = ()


def in_robots(robots: RobotsTxt, base: str, tokens: tuple[str, ...]) -> Iterator[Pointer]:
    """The ``License`` lines of the groups that speak to ``tokens``, of every group without any; where a group has none, those before all groups."""
    everywhere = _licence_lines(line for group in robots.usage.groups if not group.agents for line in group.members)
    found: dict[tuple[str, str], Pointer] = {}
    for name, groups in dict(robots.usage.select(token) for token in tokens or robots.usage.names()).items():
        own = _licence_lines(line for group in groups for line in group.members)
        for line in own or everywhere:
            pointer = _line(line, base, spelled(name) if own and name else "*")
            found.setdefault((pointer.uri, pointer.addressee), pointer)
    yield from found.values()


def _licence_lines(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.key == "license" and line.value]


def _line(line: Line, base: str, addressee: str) -> Pointer:
    said = line.value.decode("utf-8", "replace")
    uri = _absolute(base, said)
    evidence = Evidence(f"line {line.number}", quote(line.text.strip()))
    return Pointer(uri, Level.LOCATION, evidence, addressee, () if uri == said else ("malformed",))


def in_headers(observation: Observation) -> Iterator[Pointer]:
    """The ``Link`` headers that point to RSL terms for the response."""
    for link in links(observation.header("link")):
        if link.type == MEDIA_TYPE and "license" in link.relations:
            yield Pointer(_absolute(observation.url, link.target), Level.RESPONSE, Evidence("Link", quote(link.text)))


def in_page(page: html.Page, url: str) -> Iterator[Pointer]:
    """The links of a page that point to RSL terms: in its head for the document, elsewhere for the element around them."""
    for element in page.every("link", "a", "area"):
        kind = element.attributes.get("type", "").partition(";")[0].strip().lower()
        if kind == MEDIA_TYPE and "license" in element.words("rel"):
            partial = () if element.in_head else ("partial-scope",)
            uri = _absolute(url, page.address(url, element.attributes.get("href", "")))
            yield Pointer(uri, Level.RESPONSE, Evidence(element.where, quote(element.source)), warnings=partial)


def _absolute(base: str, reference: str) -> str:
    """``reference`` as a web address; empty when it is none."""
    try:
        uri = urljoin(base, reference)
    except ValueError:
        return ""
    return uri if uri.lower().startswith(("http://", "https://")) else ""
