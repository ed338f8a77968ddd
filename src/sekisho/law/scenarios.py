"""Cases that a lawyer can read: facts, a place and a day, and the answer that must come out, with its rule and notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sekisho.errors import UsageError
from sekisho.law.answers import Claim
from sekisho.law.evaluation import evaluate
from sekisho.law.packs import Pack
from sekisho.law.sections import Section
from sekisho.law.vocabulary import FACT, columns
from sekisho.model import Outcome, Stage, Text

FOLDERS = (Path(__file__).with_name("cases"), Path(__file__).parents[3] / "tests" / "cases" / "law")
"""Where our own cases lie: beside the law in an installed package, with the other tests in a checkout."""

NO_RULE = "none"


@dataclass(frozen=True, slots=True)
class Result:
    """What comes out in one place on one day; ``outcome`` None means that the pack refuses the day."""

    outcome: Outcome | None
    rule: str
    notes: tuple[str, ...]

    def __str__(self) -> str:
        if self.outcome is None:
            return "refused"
        return " ".join((self.outcome, self.rule, *self.notes))


REFUSED = Result(None, NO_RULE, ())


@dataclass(frozen=True, slots=True)
class Expectation:
    """The result that must come out in a jurisdiction on a day."""

    jurisdiction: str
    on: date
    result: Result


@dataclass(frozen=True, slots=True)
class Case:
    """One situation, and what must come out of it in one or more places and on one or more days."""

    id: str
    title: Text
    file: str
    stage: Stage
    claim: Claim
    expected: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One expectation of a case put to the pack."""

    case: Case
    expectation: Expectation
    result: Result

    @property
    def holds(self) -> bool:
        """True when the pack says what the case expects."""
        return self.result == self.expectation.result

    @property
    def spoke(self) -> frozenset[str]:
        """The ids of the rule and the notes that spoke."""
        return frozenset((self.result.rule, *self.result.notes))


def read(folder: Path) -> tuple[Case, ...]:
    """The cases in every file of ``folder``; raises LawError naming file, case and word."""
    return tuple(case for path in sorted(folder.glob("*.toml")) for case in _cases(path))


def own_folder() -> Path | None:
    """Where our own cases lie; None when they are not installed."""
    return next((folder for folder in FOLDERS if folder.is_dir()), None)


def trials(pack: Pack, cases: Iterable[Case]) -> list[Trial]:
    """Every expectation of every case, put to the pack."""
    return [Trial(case, expectation, _result(pack, case, expectation)) for case in cases for expectation in case.expected]


def unexercised(pack: Pack, tried: Sequence[Trial]) -> Iterator[str]:
    """The ids of rules and notes that speak in no case."""
    spoke = frozenset[str]().union(*(trial.spoke for trial in tried))
    return (entry.id for file in pack.files.values() for entry in file.entries if entry.id not in spoke)


def unwatched(pack: Pack, tried: Sequence[Trial]) -> Iterator[tuple[str, date]]:
    """The days on which a rule or note begins, or no longer speaks, without a case that has the day before and the day itself."""
    began, ended = _turns(tried)
    for entry in (entry for file in pack.files.values() for entry in file.entries):
        if (entry.id, entry.since) not in began:
            yield entry.id, entry.since
        if entry.until and (entry.id, entry.until + timedelta(1)) not in ended:
            yield entry.id, entry.until + timedelta(1)


def _turns(tried: Sequence[Trial]) -> tuple[set[tuple[str, date]], set[tuple[str, date]]]:
    """What began and what ended to speak from one day to the next, in any case."""
    days: defaultdict[tuple[str, str], dict[date, frozenset[str]]] = defaultdict(dict)
    for trial in tried:
        days[trial.case.id, trial.expectation.jurisdiction][trial.expectation.on] = trial.spoke
    pairs = [(on, spoke, case[on - timedelta(1)]) for case in days.values() for on, spoke in case.items() if on - timedelta(1) in case]
    began = {(name, on) for on, now, before in pairs for name in now - before}
    ended = {(name, on) for on, now, before in pairs for name in before - now}
    return began, ended


def _result(pack: Pack, case: Case, expectation: Expectation) -> Result:
    try:
        rulings = evaluate(pack, expectation.jurisdiction, expectation.on, case.stage, columns([case.claim]))
    except UsageError:
        return REFUSED
    rule = rulings.rule_of(0)
    return Result(rulings.outcome_of(0), rule.id if rule else NO_RULE, tuple(note.id for note in rulings.notes_of(0)))


def _cases(path: Path) -> Iterator[Case]:
    top = Section.of_file(path)
    given = _facts(top, "given")
    for section in top.sections("case"):
        yield Case(
            section.string("id"),
            section.text("title"),
            path.name,
            section.word("stage", Stage),
            {**given, **_facts(section, "facts")},
            tuple(_expectation(entry) for entry in section.sections("expect")),
        )
        section.close()
    top.close()


def _facts(section: Section, key: str) -> Mapping[str, str]:
    inside = section.section(key) if key in section else Section({}, section.where)
    return {name: _value(inside, name) for name in inside.unread()}


def _value(inside: Section, name: str) -> str:
    if name not in FACT:
        inside.unknown_word("fact", name, FACT)
    value = inside.string(name)
    if value not in FACT[name].values:
        inside.unknown_word(name, value, FACT[name].values)
    return value


def _expectation(entry: Section) -> Expectation:
    place, on = entry.string("jurisdiction"), entry.day("on")
    result = REFUSED if entry.flag("refused") else Result(entry.word("outcome", Outcome), entry.string("rule"), entry.strings("notes"))
    entry.close()
    return Expectation(place, on, result)
