"""Content Signals Policy (Cloudflare): ``Content-Signal``, as a line of a robots.txt group and as a response header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sekisho.formats.robots_lines import Line
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Signal, Source, Spec, Text, Value, quote
from sekisho.signals import responses
from sekisho.signals.intent import DENY_INTENT, MALFORMED, hinted, means_no, pairs
from sekisho.signals.robots_groups import LIMIT, RobotsTxt, cite, seen, spoken

FIELD = "Content-Signal"
SPEC = Spec(
    name="content_signal",
    title=Text("Content Signals Policy (Content-Signal)", "Content Signals Policy（Content-Signal）"),
    version="2025-09-24, use= of mid-2026",
    dated=date(2025, 9, 24),
    status="practice",
    address="https://contentsignals.org/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "search, ai-input and ai-train: yes allows, no denies; a name left out says nothing; crawling is not touched.",
        "search・ai-input・ai-train の yes は許可、no は拒否。書かれていない名前については何も意味しない。クロールの可否には影響しない。",
    ),
    unsure=Text(
        "What use=reference and use=immediate exactly permit: training is unknown under them. Whom a line before any group addresses: everybody.",
        "use=reference と use=immediate が何を許すか。学習は不明とする。グループより前の行の相手は、すべての者とする。",
    ),
    sources=(Source.ROBOTS, *responses.SOURCES),
)
NAMES = {"search": (Axis.SEARCH,), "ai-input": (Axis.AI_USE,), "ai-train": (Axis.TRAIN, Axis.TRAIN_NONGEN)}
VALUES = {"yes": Value.ALLOW, "no": Value.DENY}
USE_LEVELS = ("immediate", "reference", "full")
"""What the ceiling ``use`` can be, lowest first."""
BEYOND_A_WORD = re.compile(r"[\s;:=]")
RESTRICTIVE_FIRST = (Value.DENY, Value.UNKNOWN, Value.ALLOW)
REFUSED_LEGALLY = ("eu-art4",)
"""Warns of a refusal beside a comment that declares it a reservation under Article 4 of Directive 2019/790."""


class Said(NamedTuple):
    """What a signal says of one use."""

    axis: Axis
    value: Value
    warnings: tuple[str, ...] = ()
    conditions: frozenset[str] = frozenset()


def read(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """The signals of a response header, or of the robots.txt groups of the agents asked; they cover every path."""
    if observation.source is Source.ROBOTS:
        robots = seen(observation)
        yield from _lines(observation, robots, ask) if robots else ()
    elif responses.speaks(observation):
        for line in observation.header(FIELD):
            said = list(signals(line[: responses.VALUE_LENGTH]))
            for one in map(_vendor_default, said) if _is_all_yes(said) else said:
                yield _signal(one, Level.RESPONSE, observation.url, Evidence(FIELD, quote(line)))


def _lines(observation: Observation, robots: RobotsTxt, ask: Ask) -> Iterator[Signal]:
    legal = REFUSED_LEGALLY if _is_eu_reservation(observation.body) else ()
    for addressees, lines in spoken(robots, FIELD.lower(), ask.agents):
        said = [(one, line) for line in lines for one in _of_line(line, stray=not robots.is_grouped(line), own=addressees != ["*"])]
        for one, line in {one: (one, line) for one, line in reversed(said)}.values():
            warnings = one.warnings + (legal if one.value is Value.DENY else ())
            evidence = cite([line])
            for addressee in addressees:
                yield _signal(one._replace(warnings=warnings), Level.LOCATION, "/", evidence, addressee)


def _of_line(line: Line, *, stray: bool, own: bool) -> Iterator[Said]:
    """What a line says. Before any group it speaks to everybody (a disputed reading), and may mean agents that have a group of their ``own``."""
    said = signals(line.value.decode("utf-8", "replace"))
    if line.misspelt or (stray and own):
        said = tuple(Said(one.axis, Value.UNKNOWN, DENY_INTENT) for one in said if one.value is not Value.ALLOW)
    return (one._replace(warnings=(*one.warnings, "ungrouped")) if stray else one for one in said)


def _signal(said: Said, level: Level, scope: str, evidence: Evidence, addressee: str = "*") -> Signal:
    return Signal(
        SPEC.name,
        SPEC.version,
        level,
        scope,
        said.axis,
        said.value,
        evidence,
        conditions=said.conditions,
        addressee=addressee,
        warnings=said.warnings,
    )


def _is_all_yes(said: list[Said]) -> bool:
    """Whether a header is what a product sends by itself: yes to every use (Cloudflare's converter to Markdown)."""
    return {one.axis for one in said if one.value is Value.ALLOW} == {axis for axes in NAMES.values() for axis in axes}


def _vendor_default(said: Said) -> Said:
    return said._replace(value=Value.UNKNOWN, warnings=("vendor-default",))


@lru_cache(maxsize=1024)
def signals(text: str) -> tuple[Said, ...]:
    """What a comma list of ``name=value`` says; of one name said twice the more restrictive counts, with a warning."""
    said: dict[str, list[Said]] = {}
    for item in text.lower().split(","):
        name, equals, value = (part.strip() for part in item.partition("="))
        said.setdefault(name, []).extend(_named(name, value) if equals and not BEYOND_A_WORD.search(value) else _meant(item))
    return tuple(one for several in said.values() for one in _strictest(several))


def _meant(item: str) -> Iterator[Said]:
    """What an item that is not one ``name=value`` means, none of which counts as said."""
    for name, value in pairs(item):
        for said in _named(name, value):
            yield (
                said
                if said.value is Value.UNKNOWN
                else Said(said.axis, Value.UNKNOWN, MALFORMED if said.value is Value.ALLOW else DENY_INTENT)
            )


def _named(name: str, value: str) -> Iterator[Said]:
    if name == "use":
        yield from _use(value)
    elif name in NAMES and value in VALUES:
        yield from (Said(axis, VALUES[value]) for axis in NAMES[name])
    elif name in NAMES:
        yield from (Said(axis, Value.UNKNOWN, DENY_INTENT if means_no(value) else MALFORMED) for axis in NAMES[name])
    elif means_no(value):
        yield from (Said(axis, Value.UNKNOWN, DENY_INTENT) for axis in hinted(name))


def _use(value: str) -> Iterator[Said]:
    """The ceiling ``use``: below ``full`` it may mean that training is refused, which its documents do not settle."""
    if value == "immediate":
        yield Said(Axis.AI_USE, Value.ALLOW, conditions=frozenset({"immediate"}))
    if value != "full":
        yield Said(Axis.TRAIN, Value.UNKNOWN, ("deny-intent",) if value in USE_LEVELS else DENY_INTENT)


def _strictest(several: list[Said]) -> Iterator[Said]:
    """One statement for each use, the strictest of ``several``."""
    for axis in dict.fromkeys(one.axis for one in several):
        values = [one for one in several if one.axis is axis]
        strictest = min(values, key=lambda one: RESTRICTIVE_FIRST.index(one.value))
        repeated = ("duplicate",) if len({one.value for one in values}) > 1 else ()
        yield strictest._replace(warnings=strictest.warnings + repeated)


@lru_cache(maxsize=8)
def _is_eu_reservation(body: bytes) -> bool:
    """Whether the comments declare the restrictions to be express reservations under Article 4 of Directive 2019/790."""
    words = re.sub(rb"[\s#]+", b" ", body[:LIMIT]).lower()
    return b"article 4" in words and b"2019/790" in words
