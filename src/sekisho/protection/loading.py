"""From a country's TOML file to its rules, strictly: an unknown word or a step without a source is refused by name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from sekisho.errors import UsageError
from sekisho.law.rules import Citation, Source
from sekisho.law.sections import Section, Word
from sekisho.model import Text
from sekisho.protection.dates import Span
from sekisho.protection.rules import Ally, Base, Confidence, Country, Note, Pick, Rule, ShorterTerm, Step, Wartime, When
from sekisho.protection.work import VOCABULARY_FILE, Author, Kind, circumstances

FOLDER = Path(__file__).parent
NOTHING = Text("", "")
OTHER_SPELLINGS = {"GB": "UK", "USA": "US", "EL": "GR"}
Sources = Mapping[str, Source]


def code(spelling: str) -> str:
    """The code as our files spell it (``gb`` → ``UK``); raises UsageError when it is no country code at all."""
    wanted = spelling.strip().upper()
    wanted = OTHER_SPELLINGS.get(wanted, wanted)
    if len(wanted) == len("JP") and wanted.isascii() and wanted.isalpha():
        return wanted
    raise UsageError(
        f"{spelling!r} is no country code; write two letters, as JP, US, UK or EU",
        f"{spelling!r} は国コードではありません。JP、US、UK、EU のように2文字で指定してください",
    )


@cache
def countries() -> tuple[str, ...]:
    """Every country that can be asked: those with a file of their own and the member states of the EU."""
    own = {path.stem.upper() for path in _files()}
    return tuple(sorted(own | set(country("EU").members)))


def country(spelling: str) -> Country:
    """The rules of a country by any of its spellings; raises UsageError with the known codes."""
    wanted = code(spelling)
    if (FOLDER / f"{wanted.lower()}.toml").is_file():
        return _read(wanted)
    if wanted in country("EU").members:
        return _read("EU")
    raise UsageError(
        f"there are no terms of protection for {spelling!r}; known: {', '.join(countries())}",
        f"{spelling!r} の保護期間の規定はありません。使える国: {', '.join(countries())}",
    )


@cache
def digest() -> str:
    """SHA-256 over every file that decides, in hex."""
    whole = hashlib.sha256()
    for path in [*_files(), VOCABULARY_FILE]:
        body = path.read_bytes()
        whole.update(f"{path.name} {len(body)}\n".encode() + body)
    return whole.hexdigest()


def _files() -> list[Path]:
    return [path for path in sorted(FOLDER.glob("*.toml")) if len(path.stem) == len("jp")]


@cache
def _read(wanted: str) -> Country:
    return read(FOLDER / f"{wanted.lower()}.toml")


def read(path: Path) -> Country:
    """The rules of one file; with ``extends`` its own come first. Raises LawError naming file, rule and word."""
    top = Section.of_file(path)
    name, members, checked = top.text("name"), top.strings("members"), top.day("checked")
    inherited = _read(top.string("extends")) if "extends" in top else None
    sources = {key: _source(section) for key, section in top.named("source")}
    rules = tuple(_rule(section, sources) for section in top.sections("rule"))
    notes = tuple(_note(section) for section in top.sections("note"))
    shorter = _shorter(top.section("shorter_term"), sources) if "shorter_term" in top else None
    wartime = _wartime(top.section("wartime"), sources) if "wartime" in top else None
    top.close()
    if inherited is not None:
        rules, notes, members = rules + inherited.rules, notes + inherited.notes, inherited.members
        shorter = shorter or inherited.shorter
    return Country(path.stem.upper(), name, members, rules, notes, shorter, wartime, checked)


def _rule(section: Section, sources: Sources) -> Rule:
    rule = Rule(
        id=section.string("id"),
        name=section.text("name"),
        when=_when(section.section("when")),
        steps=tuple(_step(entry, sources) for entry in section.sections("steps")),
        confidence=section.word("confidence", Confidence) if "confidence" in section else Confidence.HIGH,
        free=_citation(section.section("free"), sources) if "free" in section else None,
        added_days_contested=section.flag("added_days_contested"),
        assumes=section.text("assumes") if "assumes" in section else None,
        assumes_protection=section.text("assumes_protection") if "assumes_protection" in section else None,
    )
    if bool(rule.steps) == bool(rule.free):
        section.fail("a rule has either steps or free", "steps と free のどちらか一方を書いてください")
    section.close()
    return rule


def _step(section: Section, sources: Sources) -> Step:
    since = section.day("from")
    step = Step(
        since=since,
        alive_on=section.day("alive_on") if "alive_on" in section else since,
        terms=tuple((base, section.number(base)) for base in Base if base in section),
        cite=_citation(section.section("cite"), sources),
        verified=section.flag("looked_up"),
        pick=section.word("pick", Pick) if "pick" in section else Pick.LATER,
        lapse=section.number("lapse") if "lapse" in section else None,
        until=section.optional_day("until"),
        at_least=section.optional_day("at_least"),
        plus_days=section.number("plus_days") if "plus_days" in section else 0,
        revives=section.flag("revives"),
    )
    section.close()
    return step


def _when(section: Section) -> When:
    facts, without = section.strings("facts"), section.strings("without")
    for word in (*facts, *without):
        if word not in circumstances():
            section.unknown_word("facts", word, circumstances())
    when = When(
        kinds=_words(section, "kind", Kind),
        authors=_words(section, "author", Author),
        facts=facts,
        without=without,
        origin=section.strings("origin"),
        origin_not=section.strings("origin_not"),
        published=_window(section, "published"),
        died=_window(section, "died"),
        created=_window(section, "created"),
        rehabilitated=section.flag("rehabilitated"),
        posthumous=section.number("posthumous") if "posthumous" in section else None,
        free_at_home_on=section.optional_day("free_at_home_on"),
    )
    section.close()
    return when


def _words(section: Section, key: str, kind: type[Word]) -> tuple[Word, ...]:
    words = section.strings(key)
    for word in words:
        if word not in list(kind):
            section.unknown_word(key, word, kind)
    return tuple(kind(word) for word in words)


def _window(section: Section, key: str) -> Span | None:
    if key not in section:
        return None
    inside = section.section(key)
    window = Span(inside.optional_day("from") or date.min, inside.optional_day("until") or date.max)
    inside.close()
    return window


def _note(section: Section) -> Note:
    note = Note(_when(section.section("when")), section.text("text"))
    section.close()
    return note


def _shorter(section: Section, sources: Sources) -> ShorterTerm:
    confidence = section.word("confidence", Confidence) if "confidence" in section else Confidence.HIGH
    cite = _citation(section.section("cite"), sources)
    partners = dict.fromkeys(section.strings("except"), date.max)
    if "except_before" in section:
        before = section.section("except_before")
        partners |= {partner: before.day(partner) for partner in before.unread()}
    shorter = ShorterTerm(partners, cite, section.flag("looked_up"), confidence)
    section.close()
    return shorter


def _wartime(section: Section, sources: Sources) -> Wartime:
    cite, verified = _citation(section.section("cite"), sources), section.flag("looked_up")
    allies = {key: _ally(entry) for key, entry in section.named("ally")}
    section.close()
    return Wartime(allies, cite, verified)


def _ally(section: Section) -> Ally:
    ally = Ally(section.day("peace"), tuple(section.day(key) for key in ("since", "or_since") if key in section))
    section.close()
    return ally


def _source(section: Section) -> Source:
    source = Source(section.text("title"), section.string("address") if "address" in section else None, section.optional_day("read"))
    section.close()
    return source


def _citation(section: Section, sources: Sources) -> Citation:
    key = section.string("source")
    if key not in sources:
        section.unknown_word("source", key, sources)
    citation = Citation(sources[key], section.text("place") if "place" in section else NOTHING)
    section.close()
    return citation
