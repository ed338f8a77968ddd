"""Public licences: Creative Commons and others, declared on pages, in headers, feeds and files.

A licence is a grant with conditions, never a denial: where it does not cover the use the value is ``licence``. It lifts no reservation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sekisho.formats import epub, html, xml
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Offer, Signal, Source, Spec, Text, Value, quote
from sekisho.signals import responses
from sekisho.signals.asset import FILES, MISPLACED, asset
from sekisho.signals.asset import scope as scope_of_file
from sekisho.signals.licence_places import Declared, in_feed, in_headers, in_page
from sekisho.signals.licence_terms import Meaning, meaning

__all__ = ["SPEC", "meaning", "read"]

SPEC = Spec(
    name="licences",
    title=Text("Creative Commons and other public licences", "クリエイティブ・コモンズなどの公開ライセンス"),
    version="4.0",
    dated=date(2025, 5, 15),
    status="practice",
    address="https://creativecommons.org/using-cc-licensed-works-for-ai-training-2/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "A licence that covers the purpose allows it on its conditions; one that does not (non-commercial, no derivatives) makes it a licence question.",
        "目的を対象とするライセンスは条件付きの許可。対象としないもの（非営利・改変禁止）は要許諾とする。",
    ),
    unsure=Text(
        "Whether a model is an adaptation of what it was trained on: share-alike and no-derivatives carry a warning for people.",
        "モデルが学習元の翻案にあたるか。継承・改変禁止には人の確認を促す警告を付ける。",
    ),
    sources=(*responses.SOURCES, Source.SIDECAR),
)
AXES = (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE)
VALUES = {"yes": Value.ALLOW, "yes_attrib": Value.ALLOW, "no": Value.LICENCE}
CC_LICENCE = "{http://creativecommons.org/ns#}license"
WEB_STATEMENT = "{http://ns.adobe.com/xap/1.0/rights/}WebStatement"
IN_BOOKS = ("{http://purl.org/dc/terms/}license", "{http://purl.org/dc/elements/1.1/}rights", "dcterms:license", "cc:license")
SILENT = "other-licence"
"""Warns of a licence that was declared and is not known here: evidence, and nothing else."""
LIMIT_STATEMENTS = 1000


class Found(NamedTuple):
    """A licence with where it stands: its level, the scope of what it is for, and whether its place is sound."""

    level: Level
    scope: str
    declared: Declared
    sound: bool = True


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:
    """What each licence declared for ``ask.url`` covers; of a page, its own licence where the address asked is the page's."""
    if observation.failed or observation.absent:
        return []
    found = {(one.level, one.scope, one.declared.text, one.declared.offer, one.declared.declared): one for one in _found(observation, ask)}
    return [signal for one in list(found.values())[:LIMIT_STATEMENTS] for signal in _signals(one, ask)]


def _found(observation: Observation, ask: Ask) -> Iterator[Found]:
    url = observation.url
    yield from (Found(Level.RESPONSE, url, one) for one in in_headers(observation.header("link"), url) if _reaches(url, ask.url))
    if observation.source is Source.PAGE:
        page = html.parse(observation.body, ", ".join(observation.header("content-type")))
        yield from (Found(Level.RESPONSE, one.subject or url, one) for one in in_page(page, url) if _reaches(one.subject or url, ask.url))
    elif observation.source is Source.FEED:
        yield from _in_feed(observation, ask)
    elif observation.source in FILES:
        yield from _in_file(observation)


def _reaches(subject: str, url: str | None) -> bool:
    """Whether ``subject`` is the address asked, http and https being one."""
    return url is None or _plain(subject) == _plain(url)


def _plain(url: str) -> str:
    return url.partition("#")[0].partition("://")[2] or url


def _in_feed(observation: Observation, ask: Ask) -> Iterator[Found]:
    root = xml.parse(observation.body, bare_doctype=True).root
    items = list(in_feed(root, observation.url)) if root is not None else []
    known = ask.url is None or any(_reaches(address, ask.url) for item in items for address in item.addresses)
    for item in items:
        own = any(_reaches(address, ask.url) for address in item.addresses) if item.addresses else known
        scope = min(item.addresses, default=observation.url)
        yield from (Found(Level.LOCATION, scope, one) for one in item.licences if own)


def _in_file(observation: Observation) -> Iterator[Found]:
    """The licences in the metadata of a file; a rights page that is no known licence is not one."""
    scope = scope_of_file(observation)
    for packet in asset(observation).packets:
        for one in packet.properties:
            if one.name == CC_LICENCE or (one.name == WEB_STATEMENT and meaning(one.value, "commercial").name):
                declared = Declared("", one.value.strip(), f"{packet.where}, {one.where}", one.value)
                yield Found(Level.ASSET, scope, declared, packet.sound)
    if observation.source is Source.EPUB:
        for package in (found for found in epub.packages(observation.body) if isinstance(found, epub.Package)):
            for element in package.root.iter():
                text = (element.text or "").strip()
                if (element.tag in IN_BOOKS or element.get("property") in IN_BOOKS) and meaning(text, "commercial").name:
                    yield Found(Level.ASSET, scope, Declared("", text, f"EPUB, {package.path}", text))


def _signals(found: Found, ask: Ask) -> Iterator[Signal]:
    said = meaning(found.declared.text, "commercial" if ask.commercial else "noncommercial")
    value, warnings = _value(found, said)
    offers = (Offer(url=found.declared.offer),) if found.declared.offer else ()
    evidence = Evidence(found.declared.where, quote(found.declared.quote))
    for axis in AXES:
        yield Signal(
            SPEC.name,
            said.name or "unknown",
            found.level,
            found.scope,
            axis,
            value,
            evidence,
            conditions=said.conditions if value is not Value.UNKNOWN else frozenset(),
            offers=offers,
            warnings=warnings,
        )


def _value(found: Found, said: Meaning) -> tuple[Value, tuple[str, ...]]:
    """The value of a licence, and its warnings: one that is merely linked to, or misplaced, grants nothing."""
    if not found.declared.declared:
        return Value.UNKNOWN, ("not-declared",)
    value = VALUES.get(said.covers, Value.UNKNOWN)
    if value is Value.UNKNOWN:
        return value, (SILENT,)
    return (value, said.warnings) if found.sound else (Value.UNKNOWN, (*said.warnings, MISPLACED))
