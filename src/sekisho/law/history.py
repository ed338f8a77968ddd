"""What changed in the law between two days, and which event did it (``timeline.toml``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sekisho.errors import UsageError
from sekisho.law.packs import Pack
from sekisho.law.rules import Note, Rule
from sekisho.law.sections import Section
from sekisho.law.wording import OUTCOME_TEXT
from sekisho.model import Text

TIMELINE_FILE = Path(__file__).with_name("timeline.toml")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the law of a jurisdiction on a day."""

    on: date
    jurisdiction: str
    text: Text


@dataclass(frozen=True, slots=True)
class Step:
    """One day on which the rules or notes of one law file changed, or an event happened there; what ended spoke for the last time the day before."""

    on: date
    jurisdiction: str
    began: tuple[Rule | Note, ...]
    ended: tuple[Rule | Note, ...]
    events: tuple[Event, ...]

    @property
    def told(self) -> Iterator[Text]:
        """The step in lines: the day and place, what happened, what ended, what began."""
        yield Text(f"{self.on} {self.jurisdiction}", f"{self.on} {self.jurisdiction}")
        yield from (Text(f"  * {event.text.en}", f"  ＊ {event.text.ja}") for event in self.events)
        yield from (Text(f"  - {_line(entry).en}", f"  － {_line(entry).ja}") for entry in self.ended)
        yield from (Text(f"  + {_line(entry).en}", f"  ＋ {_line(entry).ja}") for entry in self.began)

    def record(self, lang: str) -> dict[str, object]:
        """The step as a JSON object."""
        return {
            "on": self.on.isoformat(),
            "jurisdiction": self.jurisdiction,
            "began": [entry.id for entry in self.began],
            "ended": [entry.id for entry in self.ended],
            "events": [event.text.lang(lang) for event in self.events],
        }


@cache
def timeline() -> tuple[Event, ...]:
    """The events that the pack knows, oldest first. Raises LawError for a broken file."""
    top = Section.of_file(TIMELINE_FILE)
    events = tuple(_event(section) for section in top.sections("event"))
    top.close()
    return tuple(sorted(events, key=lambda event: event.on))


def steps(pack: Pack, before: date, on: date, jurisdiction: str | None = None) -> Iterator[Step]:
    """The changes after ``before`` up to and including ``on``, oldest first; of one jurisdiction with what it inherits, or of all.

    Raises UsageError when ``before`` lies after ``on``, or for an unknown jurisdiction.
    """
    if before > on:
        raise UsageError(
            f"{before} lies after {on}; write the earlier day first", f"{before} は {on} より後です。早い日を先に書いてください"
        )
    codes = [file.code for file in pack.lineage(jurisdiction)] if jurisdiction else list(pack.files)
    days = {day for code in codes for day in _days(pack, code) if before < day <= on}
    for day in sorted(days):
        for code in codes:
            step = _step(pack, code, day)
            if step.began or step.ended or step.events:
                yield step


def _step(pack: Pack, code: str, day: date) -> Step:
    entries = pack.files[code].entries
    return Step(
        day,
        code,
        tuple(entry for entry in entries if entry.since == day),
        tuple(entry for entry in entries if entry.until == day - timedelta(1)),
        tuple(event for event in timeline() if event.on == day and event.jurisdiction == code),
    )


def _days(pack: Pack, code: str) -> Iterator[date]:
    for entry in pack.files[code].entries:
        yield entry.since
        if entry.until:
            yield entry.until + timedelta(1)
    yield from (event.on for event in timeline() if event.jurisdiction == code)


def _event(section: Section) -> Event:
    event = Event(section.day("on"), section.string("jurisdiction"), section.text("text"))
    section.close()
    return event


def _line(entry: Rule | Note) -> Text:
    """A rule with its outcome, or a note."""
    if isinstance(entry, Note):
        return Text(f"{entry.id} (note): {entry.text.en}", f"{entry.id}（注記）：{entry.text.ja}")
    outcome = OUTCOME_TEXT[entry.outcome]
    return Text(f"{entry.id} {entry.name.en}: {outcome.en}", f"{entry.id} {entry.name.ja}：{outcome.ja}")
