"""The desk that screens: whether something contains a registered work, which, where, how close, and what follows.

It says similar, never infringing. Without a jurisdiction the holders' terms alone decide; with one the law is asked at the stage ``output``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from sekisho import claims, decide, law, settings
from sekisho.claims import LOCAL, facts
from sekisho.decide import Judgement, Question
from sekisho.errors import InputError
from sekisho.matched import public_domain
from sekisho.model import Policy, Stage, Text, Verdict, strictest
from sekisho.works import Closeness, Match, Screened, Work, Works
from sekisho.works import terms as terms_
from sekisho.works.values import TermsKind

LOOSE = {Closeness.SHARED_PART, Closeness.STYLE}
"""Levels that are information and never tighten a verdict."""
NOTHING_FOUND = Text("no registered work was found in it", "登録された著作物は見つかりませんでした")


@dataclass(frozen=True, slots=True)
class Ruled:
    """What one jurisdiction says of the matches of an item."""

    verdict: Verdict
    outcome: str
    reason: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows for one item; ``unreadable`` is the reason when it, or a page of it, could not be read, ``flooded`` are works set apart."""

    item: str
    verdict: Verdict
    matches: tuple[Match, ...]
    conditions: tuple[str, ...] = ()
    unreadable: Text | None = None
    flooded: tuple[str, ...] = ()
    jurisdictions: Mapping[str, Ruled] = field(default_factory=dict)
    encoding: str = ""
    """In which encoding a text file was found to be, as Python names it."""


@dataclass(frozen=True, slots=True)
class Court:
    """What to ask the law: where, on which day, under which policy, what else is known, and which works a model was trained on."""

    question: Question
    known: Mapping[str, str]
    trained_on: frozenset[str] = frozenset()


def screen(
    contents: Iterable[str | bytes | Path],
    *,
    works: str | Path,
    media: str | None = None,
    jurisdictions: Sequence[str] = (),
    on: date | None = None,
    policy: Policy = Policy.SIGNALS,
    known: Mapping[str, str] | None = None,
    trained_on: str | Path | None = None,
) -> Iterator[Answer]:
    """An answer for each of ``contents`` (a text, bytes, or the path of a file) in order, from the store ``works``.

    ``known`` are facts for the law, ``trained_on`` the folder of a run: works kept there were accessible to the model. Raises InputError when
    there is no store or no run, UsageError for an unknown country or fact.
    """
    store = Works.open(works)
    store.must_exist()
    day = on or date.today()  # noqa: DTZ011 - the user's own day
    court = None
    if jurisdictions:
        court = Court(Question(tuple(jurisdictions), day, Stage.OUTPUT, policy), checked(known or {}), works_in(trained_on))
    sure = store.settings.sure
    for screened in store.screen(contents, media, day):
        yield ruled(screened, store, court) if court and screened.matches else by_terms(screened, sure)


def called(
    contents: str | bytes | Path | Iterable[str | bytes | Path],
    *,
    works: str | os.PathLike[str],
    media: str | None,
    jurisdictions: str | Sequence[str],
    on: date | str | None,
    policy: str,
    facts: Mapping[str, str] | None,
    trained_on: str | os.PathLike[str] | None,
) -> Iterator[Answer]:
    """The same, called from Python with values as people write them."""
    return screen(
        [contents] if isinstance(contents, str | bytes | Path) else contents,
        works=os.fspath(works),
        media=media,
        jurisdictions=settings.jurisdictions_of(jurisdictions),
        on=settings.day_of(on),
        policy=settings.policy_of(policy),
        known=facts,
        trained_on=os.fspath(trained_on) if trained_on is not None else None,
    )


def checked(known: Mapping[str, str]) -> Mapping[str, str]:
    """``known``, each a fact of the table with one of its values; else UsageError."""
    for name, value in known.items():
        law.fact(name).code(value)
    return known


def works_in(run: str | Path | None) -> frozenset[str]:
    """The works that were matched in what a run kept; raises InputError when the folder is no run."""
    if run is None:
        return frozenset()
    kept = Path(run, "kept")
    if not kept.is_dir():
        raise InputError(f"{run} is not the folder of a run.", f"{run} は実行結果のフォルダーではありません。")
    columns = (pq.read_table(file, columns=["sekisho_works"])["sekisho_works"].to_pylist() for file in sorted(kept.glob("*.parquet")))
    return frozenset(work for column in columns for row in column for work in row or ())


def by_terms(screened: Screened, sure: float) -> Answer:
    """The answer that follows from the holders' terms alone."""
    verdicts = [verdict_of(match, sure) for match in screened.matches]
    verdict = strictest([*verdicts, *open_ends(screened)])
    conditions = (
        [f"credit:{match.work}" for match in screened.matches if match.terms.kind is TermsKind.CREDIT] if verdict is Verdict.ALLOW else []
    )
    return Answer(
        screened.item,
        verdict,
        tuple(screened.matches),
        tuple(conditions),
        screened.unreadable,
        screened.flooded,
        encoding=screened.encoding,
    )


def verdict_of(match: Match, sure: float) -> Verdict:
    """What one match leads to; a doubtful one is not refused, and not allowed either unless its holder allows it."""
    if match.level in LOOSE:
        return Verdict.ALLOW
    told = terms_.verdict_of(match.terms.kind, match.identity)
    return told if match.score >= sure or told is Verdict.ALLOW else Verdict.UNKNOWN


def open_ends(screened: Screened) -> list[Verdict]:
    """Unknown for what could not be read and for works set apart: neither ever means allow."""
    return [Verdict.UNKNOWN] if screened.unreadable or screened.flooded else []


def ruled(screened: Screened, store: Works, court: Court) -> Answer:
    """The answer under the law of each jurisdiction: one claim a match, the strictest wins, each one's own verdict kept."""
    matches = [match for match in screened.matches if match.level not in LOOSE]
    works = store.works([match.work for match in matches], court.question.on)
    rows = [facts_of(match, court, store.settings.sure) for match in matches]
    judgements = decide.decide(packed(rows, [works[match.work] for match in matches], court), court.question) if matches else ()
    each = {judgement.jurisdiction: told(judgement) for judgement in judgements}
    verdict = strictest([*(one.verdict for one in each.values()), *open_ends(screened)])
    conditions = sorted({condition for one in each.values() for condition in one.conditions}) if verdict is Verdict.ALLOW else []
    return Answer(
        screened.item, verdict, tuple(screened.matches), tuple(conditions), screened.unreadable, screened.flooded, each, screened.encoding
    )


def facts_of(match: Match, court: Court, sure: float) -> dict[str, str]:
    """The facts of one match; what the user stated comes after what was found."""
    found = {"output_sim": str(match.level) if match.score >= sure else "unknown", **terms_.facts(match.terms, match.identity)}
    access = {"access": "training"} if match.work in court.trained_on else {}
    return {**court.known, **access, **found}


def packed(rows: Sequence[Mapping[str, str]], works: Sequence[Work], court: Court) -> claims.Packed:
    """The matches as claims, with the term of protection of each work in each country."""
    places = court.question.jurisdictions
    names = {name for row in rows for name in row}
    columns = {name: np.array([facts()[name].codes.get(row.get(name, "unknown"), 0) for row in rows], np.uint8) for name in names}
    free = [[public_domain(work, place, court.question.on) for work in works] for place in places]
    local: dict[str, Any] = {name: [columns[name]] * len(places) for name in LOCAL if name in columns}
    if "pd" not in court.known:
        local["pd"] = [np.array([facts()["pd"].codes[value] for value in column], np.uint8) for column in free]
    return claims.pack({name: column for name, column in columns.items() if name not in LOCAL}, local, len(rows), len(places))


def told(judgement: Judgement) -> Ruled:
    """What one jurisdiction says of all matches together: its strictest answer."""
    worst = int(np.argmax(judgement.verdict))
    outcome = law.OUTCOMES[int(judgement.law.outcome[worst])]
    conditions = sorted({code for row in range(len(judgement.verdict)) for code in judgement.conditions(row)})
    return Ruled(decide.verdict_of(int(judgement.verdict[worst])), str(outcome), judgement.why(worst), tuple(conditions))
