"""Notices in plain words, English and Japanese: no protocol, so the value stays unknown and a person is asked to read them.

Whether plain words are "machine-readable" (Directive (EU) 2019/790, Article 4(3)) is disputed. The phrases are data, ``notices.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sekisho.formats import exif, html
from sekisho.formats.xmp import local
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Signal, Source, Spec, Text, Value, quote
from sekisho.signals.asset import FILES, asset
from sekisho.signals.asset import scope as scope_of_file

SPEC = Spec(
    name="natural_language",
    title=Text("Notices in plain language", "文章による表示"),
    version="2026-11",
    dated=date(2026, 11, 22),
    status="practice",
    address="https://eur-lex.europa.eu/eli/dir/2019/790/oj",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Never more than unknown, with the warning review and the words found.",
        "常に不明とし、見つかった文言とともに警告 review を付ける。",
    ),
    unsure=Text(
        "Whether such words reserve rights in a machine-readable way; a phrase list misses and mistakes some.",
        "機械可読な留保にあたるか。文言の一覧には見落としも誤検出もある。",
    ),
    sources=(Source.PAGE, *FILES),
)
SPOKEN_ATTRIBUTES = ("alt", "title", "aria-label")
SPOKEN_METAS = frozenset({"description", "copyright", "rights", "dcterms.rights", "dc.rights", "og:description"})
RIGHTS_PROPERTIES = frozenset({"UsageTerms", "rights", "Copyright", "CopyrightNotice", "Instructions", "Credit", "description"})
AROUND = 250
"""Characters read on either side of a word that a notice may stand around."""
LIMIT_CHARACTERS = 1 << 21
LIMIT_PLACES = 2000
LIMIT_FOUND = 5
BLANKS = re.compile(r"\s+")
BESIDE_JAPANESE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


class Said(NamedTuple):
    """Words that a person would read, and where."""

    where: str
    words: str


class Notices(NamedTuple):
    """The patterns: ``near`` finds where to look, the others what to find with and without blanks."""

    near: re.Pattern[str]
    spaced: re.Pattern[str]
    unspaced: re.Pattern[str]


def read(observation: Observation, _ask: Ask) -> Iterable[Signal]:
    """A statement for each place whose words speak against training; of one place the first words only."""
    if observation.failed or observation.absent:
        return []
    is_page = observation.source is Source.PAGE
    level, scope = (Level.RESPONSE, observation.url) if is_page else (Level.ASSET, "")
    found = ((said.where, words) for said in (_page(observation) if is_page else _file(observation)) if (words := notice(said.words)))
    return [_signal(level, scope or scope_of_file(observation), where, words) for where, words in _first(found)]


def _first(found: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    distinct: dict[str, str] = {}
    for where, words in found:
        distinct.setdefault(words, where)
        if len(distinct) == LIMIT_FOUND:
            break
    return [(where, words) for words, where in distinct.items()]


def _signal(level: Level, scope: str, where: str, words: str) -> Signal:
    warnings = ("natural-language", "review")
    return Signal(SPEC.name, SPEC.version, level, scope, Axis.TRAIN, Value.UNKNOWN, Evidence(where, quote(words)), warnings=warnings)


def _page(observation: Observation) -> Iterator[Said]:
    """The shown text of a page, then what its metadata and its pictures say."""
    page = html.parse(observation.body, ", ".join(observation.header("content-type")))
    yield Said("text", page.text)
    for element in page.elements:
        for name in SPOKEN_ATTRIBUTES:
            if name in element.attributes:
                yield Said(f"{element.where}, {name}", element.attributes[name])
        named = element.attributes.get("name") or element.attributes.get("property", "")
        if element.tag == "meta" and named.lower() in SPOKEN_METAS:
            yield Said(element.where, element.attributes.get("content", ""))


def _file(observation: Observation) -> Iterator[Said]:
    """The words about rights in the metadata of a file."""
    for packet in asset(observation).packets:
        for one in packet.properties:
            if local(one.name) in RIGHTS_PROPERTIES:
                yield Said(f"{packet.where}, {one.where}", one.value)
    if observation.source is Source.IMAGE:
        yield Said("Exif Copyright", exif.copyright_of(observation.body))


def notice(words: str) -> str:
    """The first words in ``words`` that speak against training, empty when none do."""
    notices = _notices()
    plain = BLANKS.sub(" ", unicodedata.normalize("NFKC", words[:LIMIT_CHARACTERS]).lower().replace("’", "'"))
    for text, pattern in ((plain, notices.spaced), (BESIDE_JAPANESE.sub("", plain), notices.unspaced)):
        for start, end in _windows(text, notices.near):
            if found := pattern.search(text, start, end):
                return found[0]
    return ""


def _windows(text: str, near: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The stretches of ``text`` around what ``near`` finds, joined where they touch."""
    start = end = 0
    for place, found in enumerate(near.finditer(text)):
        if place == LIMIT_PLACES:
            break
        if found.start() - AROUND > end:
            yield start, end
            start = found.start() - AROUND
        end = found.end() + AROUND
    yield start, end


@cache
def _notices() -> Notices:
    listed = tomllib.loads(files(__package__).joinpath("notices.toml").read_text(encoding="utf-8"))
    by_lang: dict[str, list[str]] = {"en": [], "ja": []}
    for entry in listed["notice"]:
        by_lang[entry["lang"]].append(_spelled_out(entry["pattern"], listed["words"]))
    spaced, unspaced = (re.compile("|".join(f"(?:{pattern})" for pattern in by_lang[lang])) for lang in ("en", "ja"))
    return Notices(re.compile("|".join(listed["near"])), spaced, unspaced)


def _spelled_out(pattern: str, words: dict[str, str]) -> str:
    for name, meant in words.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{meant})")
    return pattern
