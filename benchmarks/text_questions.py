"""Questions for the passage benchmark: passages of registered works, disturbed, set into other authors' text; and texts that hold none."""

from __future__ import annotations

import random
import re
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from benchmarks.text_corpus import REGISTERED, SURROUNDING, Source

NOISE = (0.0, 0.02, 0.05, 0.10)
LENGTHS = {"ja": (50, 80, 150, 300, 600, 2000), "en": (150, 250, 500, 1000, 2000)}
LOOKALIKES = dict(
    zip(
        "ーロ力夕二八エ口カタニハ工ぺりリ未末日目人入大犬太0Ol1I5Scrm",
        "一口カタニハエロ力夕二八工ペリり末未目日入人犬太大OO1lIS5ecn",
        strict=False,
    )
)
OLD = dict(zip("国学会来対発体気実読変図広声応戦", "國學會來對發體氣實讀變圖廣聲應戰", strict=True))
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


@dataclass(frozen=True, slots=True)
class Question:
    """One text to be screened. ``source`` is the work that a passage was taken from (empty: none), ``span`` where it stands."""

    kind: str
    text: str
    language: str
    source: str = ""
    noise: float = 0.0
    length: int = 0
    span: tuple[int, int] = (0, 0)


def noisy(text: str, rate: float, rng: random.Random) -> str:
    """``text`` with errors: of each ten six replaced, two dropped, two added characters."""
    if not rate:
        return text
    letters = [char for char in text if char.isalnum()] or ["x"]
    out = []
    for char in text:
        if not char.isalnum() or rng.random() >= rate:
            out.append(char)
            continue
        kind = rng.random()
        out.append(rng.choice(letters) if kind < 0.6 else "" if kind < 0.8 else char + rng.choice(letters))
    return "".join(out)


def wrapped(text: str, rng: random.Random) -> str:
    width = rng.choice((20, 35, 70))
    lines = [
        line
        for part in text.split("\n")
        for line in (textwrap.wrap(part, width) if " " in part else [part[i : i + width] for i in range(0, len(part), width)])
    ]
    return "\n".join(lines)


def wide(text: str, _rng: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def narrow(text: str, _rng: random.Random) -> str:
    """Katakana at half width, with separate voicing marks."""
    return "".join(HALF.get(c, c) for c in text)


HALF = {
    unicodedata.normalize("NFKC", half + mark): half + mark
    for half in map(chr, range(0xFF66, 0xFF9E))
    for mark in ("", "ﾞ", "ﾟ")
    if len(unicodedata.normalize("NFKC", half + mark)) == 1
}


def unpunctuated(text: str, _rng: random.Random) -> str:
    return "".join(c for c in text if c.isalnum() or c.isspace())


def old_characters(text: str, _rng: random.Random) -> str:
    return "".join(OLD.get(c, c) for c in text)


def blanks(text: str, rng: random.Random) -> str:
    return "".join(c + (rng.choice(" 　\t") if rng.random() < 0.08 else "") for c in text)


def zero_width(text: str, rng: random.Random) -> str:
    return "".join(c + (rng.choice(ZERO_WIDTH) if rng.random() < 0.1 else "") for c in text)


def misread(text: str, rng: random.Random) -> str:
    return "".join(LOOKALIKES.get(c, c) if rng.random() < 0.5 else c for c in text)


def katakana(text: str, _rng: random.Random) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def plain(text: str, _rng: random.Random) -> str:
    return text


FORMS: dict[str, Callable[[str, random.Random], str]] = {
    form.__name__: form for form in (plain, wrapped, wide, narrow, unpunctuated, old_characters, blanks, zero_width, misread, katakana)
}


def inline_ruby(raw: str) -> str:
    """Aozora mark-up as careless scrapers leave it: readings run into the text."""
    return re.sub(r"※?［＃[^］]*］|[｜《》]", "", raw)


def surroundings(sources: list[Source], language: str, rng: random.Random) -> str:
    source = rng.choice([s for s in sources if s.part == SURROUNDING and s.language == language])
    size = rng.randrange(1200, 3500)
    start = rng.randrange(max(1, len(source.text) - size))
    return source.text[start : start + size]


def cut(text: str, length: int, rng: random.Random) -> str:
    while True:
        start = rng.randrange(max(1, len(text) - length))
        passage = text[start : start + length].strip()
        if sum(c.isalnum() for c in passage) > 0.6 * length:
            return passage


def set_into(passage: str, around: str, rng: random.Random) -> tuple[str, tuple[int, int]]:
    at = rng.randrange(len(around))
    return around[:at] + "\n" + passage + "\n" + around[at:], (at + 1, at + 1 + len(passage))


def positives(sources: list[Source], works: list[Source], number: int, rng: random.Random) -> list[Question]:
    """``number`` passages of ``works`` for every noise rate and form in turn; a tenth with the ruby run into the text."""
    return [_positive(sources, rng.choice(works), NOISE[i % 4], list(FORMS)[i // 4 % len(FORMS)], rng) for i in range(number)]


def _positive(sources: list[Source], work: Source, noise: float, form: str, rng: random.Random) -> Question:
    length = rng.choice(LENGTHS[work.language])
    ruby = work.language == "ja" and form == "plain" and rng.random() < 0.5
    text = cut(body(work), length, rng) if ruby else cut(work.text, length, rng)
    text = inline_ruby(text) if ruby and rng.random() < 0.5 else text
    passage = FORMS[form](noisy(text, noise, rng), rng)
    whole, span = set_into(passage, surroundings(sources, work.language, rng), rng)
    return Question("ruby" if ruby else form, whole, work.language, work.id, noise, length, span)


@cache
def body(work: Source) -> str:
    legend = re.search(r"(?s)-{20,}.*?-{20,}\n", work.raw)
    return work.raw[legend.end() if legend else 0 : work.raw.rfind("底本：")]


def editions(sources: list[Source], registered: list[Source], number: int, rng: random.Random) -> list[Question]:
    """Passages of another edition of a registered work, in another spelling."""
    by_work = {s.edition_of: s for s in registered if s.edition_of}
    others = [s for s in sources if s.edition_of in by_work and s is not by_work[s.edition_of]]
    out = []
    for _ in range(number if others else 0):
        other = rng.choice(others)
        length = rng.choice(LENGTHS["ja"][1:])
        whole, span = set_into(cut(other.text, length, rng), surroundings(sources, "ja", rng), rng)
        out.append(Question("edition", whole, "ja", by_work[other.edition_of].id, 0.0, length, span))
    return out


def negatives(sources: list[Source], works: list[Source], number: int, rng: random.Random) -> list[Question]:
    """Texts without a passage: other authors' alone, with a short quotation, with the archive's own words."""
    makers = (_unrelated, _quotation, _boilerplate)
    return [makers[i % 3](sources, works, rng) for i in range(number)]


def _language(rng: random.Random) -> str:
    return "ja" if rng.random() < 0.7 else "en"


def _unrelated(sources: list[Source], _works: list[Source], rng: random.Random) -> Question:
    language = _language(rng)
    return Question("unrelated", surroundings(sources, language, rng), language)


def _quotation(sources: list[Source], works: list[Source], rng: random.Random) -> Question:
    language = _language(rng)
    work = rng.choice([w for w in works if w.language == language])
    length = rng.randrange(8, 21) if language == "ja" else rng.randrange(20, 50)
    quotation = cut(work.text, length, rng).replace("\n", "")
    whole, _ = set_into(f"「{quotation}」", surroundings(sources, language, rng), rng)
    return Question("quotation", whole, language)


def _boilerplate(sources: list[Source], _works: list[Source], rng: random.Random) -> Question:
    source = rng.choice([s for s in sources if s.part == SURROUNDING and s.language == "ja"])
    head, tail = source.raw[: source.raw.rfind("-----") + 5][:1500], source.raw[source.raw.rfind("底本：") :]
    return Question("boilerplate", head + "\n" + surroundings(sources, "ja", rng) + "\n\n" + tail, "ja")


def registered_works(sources: list[Source], held_out: bool | None = None) -> list[Source]:
    """The works to be registered: of several editions the first."""
    seen: set[str] = set()
    out = []
    for source in sources:
        if source.part == REGISTERED and source.edition_of not in seen:
            out.append(source)
            seen |= {source.edition_of} - {""}
    return [s for s in out if held_out is None or s.held_out == held_out]
