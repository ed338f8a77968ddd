"""Public licences by address or name, and what each covers: licence x purpose is the table ``licences.toml``.

A licence grants what copyright would forbid; it is no reservation, and ``no`` only says that it does not cover the use.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

CC_ADDRESS = re.compile(
    r"(?:https?:)?//(?:www\.)?creativecommons\.org/(?P<kind>licen[cs]es|publicdomain)/(?P<code>[a-z+-]{1,20})"
    r"(?:/(?P<version>[0-9]\.[0-9])(?:/(?P<port>[a-z]{2,3}|scotland))?)?(?:/(?:deed|legalcode)(?:[._-][a-z_-]{1,12})?)?/*(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
VERSIONS = frozenset({"1.0", "2.0", "2.1", "2.5", "3.0", "4.0"})
UNVERSIONED = frozenset({"publicdomain"})
ELEMENTS = {
    "by": "by", "attribution": "by", "表示": "by",
    "nc": "nc", "noncommercial": "nc", "非営利": "nc",
    "nd": "nd", "noderivs": "nd", "noderivatives": "nd", "改変禁止": "nd",
    "sa": "sa", "sharealike": "sa", "継承": "sa",
}  # fmt: skip
"""The elements of a Creative Commons licence, however they are spelt."""
SPOKEN_OUT = frozenset({"cc", "creative", "attribution", "クリエイティブ", "クリエイティブ・コモンズ", "表示"})
"""One of these must be said: "by" alone is a word of the language."""
BESIDE = SPOKEN_OUT | {
    "commons",
    "コモンズ",
    "license",
    "licence",
    "licensed",
    "international",
    "unported",
    "generic",
    "ライセンス",
    "国際",
    "日本",
}
BESIDE_PORT = frozenset({"igo", "scotland", "japan"})
JOINED = ((re.compile(r"non[-\s]commercial"), "noncommercial"), (re.compile(r"share[-\s]alike"), "sharealike"))
NO_DERIVATIVES = re.compile(r"no[-\s]?deriv(?:ative|ativ)?s?(?:\s+works)?\b")
ORDER = ("by", "nc", "nd", "sa")
WORD = re.compile(r"[0-9]+(?:\.[0-9]+)*|[^\W_]+(?:・[^\W_]+)*")
VERSION = re.compile(
    r"[-_ v]*[0-9]+(?:\.[0-9]+)*(?:[-_ ]*(?:only|or[-_ ]later|international|unported|generic|universal|jp))?\+?$", re.IGNORECASE
)
EXCEPTION = re.compile(r"\s+WITH\s+\S+")
"""An exception of an SPDX expression, which only ever permits more."""
LIMIT_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Family:
    """One entry of the table: ``covers`` by purpose, the conditions to keep, warnings for people."""

    id: str
    covers: Mapping[str, str]
    conditions: tuple[str, ...]
    review: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Named(NamedTuple):
    """A licence that was recognised: its family, and its whole name in the manner of SPDX."""

    family: Family
    name: str


class Meaning(NamedTuple):
    """What a licence text comes to for a purpose: ``yes``, ``yes_attrib``, ``no``, ``none`` or ``unknown``."""

    covers: str
    conditions: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    name: str = ""


STRICTEST_FIRST = ("unknown", "none", "no", "yes_attrib", "yes")


@lru_cache(maxsize=4096)
def meaning(text: str, purpose: str) -> Meaning:
    """What the licence named by ``text`` covers for ``purpose`` (``commercial``, ``research``, ``noncommercial``).

    An address, an SPDX identifier or expression, or a name. Joined by AND, comma or semicolon all hold, so the strictest counts; joined by OR
    one may be chosen. What is not recognised whole is ``unknown``; nothing at all is ``none``.
    """
    text = text.strip()[:LIMIT_CHARACTERS].strip("[]'\"() ")
    if not text:
        return Meaning("none")
    choices = [choice for choice in re.split(r"\s+OR\s+", EXCEPTION.sub("", text)) if choice.strip()] or [text]
    return max((_all_of(choice, purpose) for choice in choices), key=_looseness)


def _all_of(text: str, purpose: str) -> Meaning:
    if whole := recognised(text):
        return _of(whole, purpose)
    parts = [part.strip(" '\"[]") for part in re.split(r"\s+AND\s+|[,;|]", text)]
    found = [recognised(part) for part in parts if part]
    if len(found) < 2 or not all(found):
        return Meaning("unknown")
    meanings = [_of(named, purpose) for named in found if named]
    strictest = min(meanings, key=_looseness)
    conditions = frozenset().union(*(one.conditions for one in meanings))
    return Meaning(strictest.covers, conditions, tuple(dict.fromkeys(word for one in meanings for word in one.warnings)), strictest.name)


def _of(named: Named, purpose: str) -> Meaning:
    return Meaning(named.family.covers.get(purpose, "unknown"), frozenset(named.family.conditions), named.family.review, named.name)


def _looseness(found: Meaning) -> int:
    return STRICTEST_FIRST.index(found.covers)


@lru_cache(maxsize=4096)
def recognised(text: str) -> Named | None:
    """The licence that ``text`` names: by address, by the elements of a Creative Commons licence, or by a name of the table."""
    text = text.strip()[:LIMIT_CHARACTERS]
    return _by_address(text) or _by_name(text) or _by_elements(text)


def _by_address(text: str) -> Named | None:
    found = CC_ADDRESS.fullmatch(text)
    if not found:
        return None
    code, version, port = found["code"].lower(), found["version"] or "", (found["port"] or "").upper()
    family = _by_code().get(code if "+" in code else _canonical(code.split("-")))
    is_dedication = code in {"zero", "mark"}
    if (
        not family
        or is_dedication is not (found["kind"].lower() == "publicdomain")
        or (version not in VERSIONS and code not in UNVERSIONED)
    ):
        return None
    return Named(family, "-".join(part for part in (family.id, version, port) if part))


def _by_name(text: str) -> Named | None:
    plain = text.lower()
    without = VERSION.sub("", plain)
    family = _by_names().get(_letters(plain)) or _by_names().get(_letters(without))
    return Named(family, text if family.id not in {"CC0", "PDM", "none"} else family.id) if family else None


def _by_elements(text: str) -> Named | None:
    """A Creative Commons licence written as its elements; every word must be one that belongs to such a name."""
    words = WORD.findall(_joined(text.lower()))
    numbers = [word for word in words if word[0].isdigit()]
    port = next((word for word in words[words.index(numbers[0]) :] if _is_port(word)), "") if numbers else ""
    elements = {ELEMENTS[word] for word in words if word in ELEMENTS}
    strange = [word for word in words if word not in ELEMENTS and word not in BESIDE and word not in numbers and word != port]
    if strange or len(words) < 2 or SPOKEN_OUT.isdisjoint(words) or len(numbers) > 1 or not VERSIONS.issuperset(numbers):
        return None
    family = _by_code().get(_canonical(elements)) if elements else None
    return Named(family, "-".join(part for part in (family.id, *numbers, port.upper()) if part)) if family else None


def _joined(text: str) -> str:
    for spelling, word in JOINED:
        text = spelling.sub(word, text)
    return NO_DERIVATIVES.sub("noderivatives", text)


def _is_port(word: str) -> bool:
    return word in BESIDE_PORT or (len(word) == 2 and word.isascii() and word.isalpha() and word not in ELEMENTS and word != "cc")


def _canonical(elements: Iterable[str]) -> str:
    """The code of ``elements`` in the order of the deeds."""
    return "-".join(sorted(elements, key=lambda element: ORDER.index(element) if element in ORDER else len(ORDER)))


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@cache
def _table() -> tuple[Family, ...]:
    entries = tomllib.loads(files(__package__).joinpath("licences.toml").read_text(encoding="utf-8"))["licence"]
    return tuple(map(_family, entries))


def _family(entry: dict[str, Any]) -> Family:
    lists = {key: tuple(entry.get(key, ())) for key in ("conditions", "review", "cc", "names")}
    return Family(entry["id"], entry["covers"], **lists)


@cache
def _by_code() -> Mapping[str, Family]:
    return {code: family for family in _table() for code in family.cc}


@cache
def _by_names() -> Mapping[str, Family]:
    return {name: family for family in _table() for name in family.names}
