"""Which language a text is in, and how much of each language a data set holds.

The script decides first: kana means Japanese, Hangul Korean, hanzi alone Chinese unless their forms are Japan's. Alphabets shared by many
languages are left to a model (eldc, the extra ``language``). Codes are ISO 639-1; ``und`` where nothing speaks for one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

from sekisho.errors import MissingPartError
from sekisho.kernels.scripts import Scripts, scripts

UNDETERMINED = "und"
DENSE_WEIGHT = 3
"""A kana, kanji or Hangul syllable says about as much as three letters."""
CLAUSE_WEIGHT = 30
KANA_SHARE = 0.04
"""Least share of kana in Japanese text; less is a quoted name in Chinese."""
MODEL_CHARACTERS = 2000
"""The model gains nothing from reading on."""
LINKS = re.compile(r"\S*(?:://|@|/\S*/)\S*")


def of(text: str) -> str:
    """The language of ``text``."""
    return of_many([text])[0]


def of_many(texts: Iterable[str]) -> list[str]:
    """The language of each of ``texts``."""
    held = list(texts)
    return list(map(_language, held, scripts(held)))


class Measured(NamedTuple):
    """A text's language, its characters, and units that stand in for tokens.

    A unit is a word of an alphabet or two characters of kana, kanji or Hangul: near enough to tokens to compare languages, and free of any tokenizer.
    """

    language: str
    characters: int
    units: int


def measured(texts: Iterable[str]) -> list[Measured]:
    """Language and size of each of ``texts``; without the model, what the script does not settle is ``und``."""
    held = list(texts)
    found = scripts(held)
    languages = map(_language if has_model() else _by_script, held, found)
    return [Measured(language, one.characters, one.words + (one.dense + 1) // 2) for language, one in zip(languages, found, strict=True)]


@cache
def has_model() -> bool:
    """Whether the model that tells alphabetic languages apart is installed."""
    return find_spec("eldc") is not None


def _language(text: str, found: Scripts) -> str:
    language = _by_script(text, found)
    return _by_model(text) if language == UNDETERMINED and _alphabetic(found) else language


def _by_script(text: str, found: Scripts) -> str:
    dense = found.dense and _east_asian_weight(text, found) >= _alphabetic(found)
    return _east_asian(text, found) if dense else UNDETERMINED


def _alphabetic(found: Scripts) -> int:
    return found.latin + found.cyrillic + found.other


def _east_asian_weight(text: str, found: Scripts) -> int:
    """What the East Asian characters weigh in letters. A Japanese clause mark beside kana tells the sentence, however many foreign names it has."""
    marks = text.count("、") + text.count("。") if found.kana and found.latin else 0
    return DENSE_WEIGHT * found.dense + CLAUSE_WEIGHT * marks


def _east_asian(text: str, found: Scripts) -> str:
    if found.hangul > found.kana + found.kanji:
        return "ko"
    if found.kana and found.kana >= KANA_SHARE * found.dense:
        return "ja"
    return "ja" if _japanese_forms(text) else "zh"


def _japanese_forms(text: str) -> bool:
    """Whether kanji alone are Japanese: all are in Japan's character set, and neither China's nor Taiwan's older one has them all."""
    kanji = "".join(char for char in text[:MODEL_CHARACTERS] if "一" <= char <= "鿿" or char == "々")
    return _within(kanji, "shift_jis") and not _within(kanji, "gb2312") and not _within(kanji, "big5")


def _within(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _by_model(text: str) -> str:
    """Addresses and paths are set aside first: their words are English in every language."""
    head = text[:MODEL_CHARACTERS]
    words = LINKS.sub(" ", head) if "/" in head or "@" in head else head
    detected: str = _model().detect(words if words.strip() else head)
    return detected


@cache
def _model() -> Any:
    try:
        import eldc  # noqa: PLC0415 - an extra, and its tables are large: loaded when the first alphabetic text is met
    except ModuleNotFoundError as error:
        raise MissingPartError(
            "Telling languages of the Latin and Cyrillic alphabets apart needs a model: pip install 'sekisho[language]'.",
            "ラテン文字・キリル文字の言語を見分けるにはモデルが必要です：pip install 'sekisho[language]' を実行してください。",
        ) from error
    eldc.init()
    return eldc


@dataclass(slots=True)
class Shares:
    """How much of each language a data set holds: items, characters and units."""

    items: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)

    def add(self, texts: Iterable[str]) -> list[str]:
        """Count ``texts`` in; their languages."""
        found = measured(texts)
        for one in found:
            self.items[one.language] += 1
            self.characters[one.language] += one.characters
            self.units[one.language] += one.units
        return [one.language for one in found]

    def update(self, other: Shares) -> None:
        """Count in what another has counted."""
        self.items += other.items
        self.characters += other.characters
        self.units += other.units
