"""Where the works in a data set come from, as far as their rows say: the country that is stated, else what language and host make likely.

Every answer carries what it rests on. A host says where a page lies and a language who reads it, so where the two differ the origin is unknown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sekisho.model import Text

FILE = Path(__file__).with_name("origins.toml")
ISO_LETTERS = 2
OTHER_SPELLINGS = {"UK": "GB", "USA": "US", "EL": "GR"}


class Basis(StrEnum):
    """What an origin rests on, surest first."""

    STATED = "stated"
    BOTH = "language-and-host"
    LANGUAGE = "language"
    HOST = "host"
    NOTHING = "nothing"


class Origin(NamedTuple):
    """A country as ISO 3166 (empty: unknown) and what that rests on."""

    country: str
    basis: Basis


class Country(NamedTuple):
    """A country by name; ``west`` says whether the report counts it as Western."""

    name: Text
    west: bool


UNKNOWN = Origin("", Basis.NOTHING)


@cache
def countries() -> dict[str, Country]:
    """The countries that have a name here, by code."""
    table = tomllib.loads(FILE.read_text("utf-8"))["countries"]
    return {each["code"]: Country(Text(each["en"], each["ja"]), bool(each.get("west"))) for each in table}


def country_of(word: str) -> str:
    """The ISO 3166 code that a data set or a catalogue writes as a country of origin; empty for anything else."""
    code = OTHER_SPELLINGS.get(word.strip().upper(), word.strip().upper())
    return code if len(code) == ISO_LETTERS and code.isalpha() and code.isascii() else ""


@cache
def of_language(language: str) -> str:
    """The country that a language names; empty where it names none."""
    table = tomllib.loads(FILE.read_text("utf-8"))["countries"]
    return next((str(each["code"]) for each in table if language in each.get("languages", ())), "")


@cache
def _domains() -> dict[str, str]:
    table = tomllib.loads(FILE.read_text("utf-8"))
    named = {domain: str(each["code"]) for each in table["countries"] for domain in each.get("tld", ())}
    return named | dict.fromkeys([*table["anybody"], "eu"], "")


@cache
def of_domain(domain: str) -> str:
    """The country that a top-level domain names; empty where it names none or is sold to anybody."""
    country = domain.upper() if len(domain) == ISO_LETTERS and domain.isalpha() and domain.isascii() else ""
    return _domains().get(domain, country)


@cache
def origin(stated: str, language: str, host: str) -> Origin:
    """The origin of an item: the country that its data set or a registered work states, else the countries that its language and its host name."""
    if stated:
        return Origin(stated, Basis.STATED)
    if language and host:
        return Origin(language, Basis.BOTH) if language == host else UNKNOWN
    if language:
        return Origin(language, Basis.LANGUAGE)
    return Origin(host, Basis.HOST) if host else UNKNOWN


class Origins:
    """Numbers origins in the order in which they are met."""

    def __init__(self) -> None:
        self.met: dict[Origin, int] = {UNKNOWN: 0}

    def number(self, stated: str, language: str, host: str) -> int:
        """The number of the origin that these countries make."""
        return self.met.setdefault(origin(stated, language, host), len(self.met))

    @property
    def labels(self) -> Sequence[str]:
        """Each origin in the order of its number, written ``JP:host``."""
        return [f"{country}:{basis}" for country, basis in self.met]
