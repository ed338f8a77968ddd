"""What is wrong with a pack, beyond what loading refuses: shadows, rules that no case exercises, checks that have grown old."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sekisho.law import reach
from sekisho.law.packs import Pack
from sekisho.law.scenarios import Case, Trial, trials, unexercised, unwatched
from sekisho.model import Text

FRESH = timedelta(366)
"""How long a comparison with the source counts."""


def findings(pack: Pack, cases: Sequence[Case], today: date) -> list[Text]:
    """Everything that somebody should look at, in sentences; empty when the pack is in order."""
    tried = trials(pack, cases)
    return [*_shadows(pack), *_stale(pack, today), *_failures(tried), *_gaps(pack, tried)]


def _shadows(pack: Pack) -> Iterator[Text]:
    for file in pack.files.values():
        for earlier, later in reach.shadowed(file.rules):
            yield Text(
                f"{earlier.id} and {later.id} overlap: where both are in force the first leaves the second nothing to decide.",
                f"{earlier.id} と {later.id} が重複しています。双方の効力期間中、後者が適用される余地がありません。",
            )


def _stale(pack: Pack, today: date) -> Iterator[Text]:
    for entry in (entry for file in pack.files.values() for entry in file.entries):
        if today - entry.checked.on > FRESH:
            yield Text(
                f"{entry.id} was last checked on {entry.checked.on}, more than a year ago.",
                f"{entry.id} の最終確認は {entry.checked.on} で、1年以上前です。",
            )


def _failures(tried: Sequence[Trial]) -> Iterator[Text]:
    for trial in tried:
        if not trial.holds:
            where = f"{trial.case.file}, {trial.case.id}, {trial.expectation.jurisdiction} {trial.expectation.on}"
            yield Text(
                f"{where}: expected {trial.expectation.result}, got {trial.result}.",
                f"{where}：期待は {trial.expectation.result}、結果は {trial.result} です。",
            )


def _gaps(pack: Pack, tried: Sequence[Trial]) -> Iterator[Text]:
    for name in unexercised(pack, tried):
        yield Text(f"No case exercises {name}.", f"{name} を確かめる事例がありません。")
    for name, day in unwatched(pack, tried):
        yield Text(
            f"No case has the day before and the day itself for {name} on {day}.",
            f"{name} について {day} の前日と当日を確かめる事例がありません。",
        )
