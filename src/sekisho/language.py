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
from typing import Any

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


def _language(text: str, found: Scripts) -> str:
    alphabetic = found.latin + found.cyrillic + found.other
    if found.dense and _east_asian_weight(text, found) >= alphabetic:
        return _east_asian(text, found)
    return _by_model(text) if alphabetic else UNDETERMINED


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
    """How much of each language a data set holds: items, characters, and units that stand in for tokens.

    A unit is a word of an alphabet or two characters of kana, kanji or Hangul: near enough to tokens to compare languages, and free of any tokenizer.
    """

    items: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)

    def add(self, texts: Iterable[str]) -> list[str]:
        """Count ``texts`` in; their languages."""
        held = list(texts)
        found = scripts(held)
        languages = list(map(_language, held, found))
        for language, one in zip(languages, found, strict=True):
            self.items[language] += 1
            self.characters[language] += one.characters
            self.units[language] += one.words + (one.dense + 1) // 2
        return languages

    def update(self, other: Shares) -> None:
        """Count in what another has counted."""
        self.items += other.items
        self.characters += other.characters
        self.units += other.units
