"""The demonstration: clears real addresses under real robots rules, both taken from published packages, on four days of the law."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from sekisho.demo.gathering import Gathered, gather
from sekisho.demo.packages import bring
from sekisho.desks.clear import Cleared, clear
from sekisho.engine import CASES, PLAN, RUN, SIDES
from sekisho.model import Verdict
from sekisho.plan import Options

__all__ = ["Gathered", "Move", "Run", "clear_on", "examples", "gathered", "moves"]

JURISDICTIONS = ("JP", "EU", "US")
DAYS = (date(2023, 5, 30), date(2024, 6, 1))
"""The day of the first Japanese note on learning and generation, and a day after the General Understanding of 2024-03-15."""
SHOWN = {Verdict.ALLOW: "pictures.csv", Verdict.DENY: "references.jsonl", Verdict.UNKNOWN: "videos.parquet"}
"""From which data set the row explained for a verdict is taken."""


@dataclass(frozen=True)
class Run:
    """One clearing of the demo's rows."""

    options: Options
    cleared: Cleared


class Answer(NamedTuple):
    """What one country's law, and then the policy, answered for a row."""

    rule: str
    outcome: str
    verdict: str


class Move(NamedTuple):
    """A change of a row's answer from one run to another, in one country; ``cited`` holds the later rule's authority by language."""

    jurisdiction: str
    before: Answer
    after: Answer
    cited: tuple[str, str]


def gathered(folder: Path) -> Gathered:
    """The demo's inputs in ``folder``, out of packages that are downloaded first unless they lie there."""
    return gather(bring(folder / "packages"), folder)


def clear_on(made: Gathered, folder: Path, on: date, *, hindsight: bool = False) -> Run:
    """The demo's rows cleared as of ``on``, in a folder of its own below ``folder``; an earlier run of the demo there gives way."""
    out = folder / f"cleared-{on.isoformat()}{'-hindsight' if hindsight else ''}"
    if (out / PLAN).exists():
        shutil.rmtree(out)
    options = Options(JURISDICTIONS, on, hindsight=hindsight, observed=(str(made.observed),))
    return Run(options, clear([made.input], out, options))


def examples(out: Path) -> Iterator[str]:
    """The id of one allowed, one refused and one unknown row: the first of each in its data set of ``SHOWN``."""
    inputs = json.loads((out / RUN).read_text("utf-8"))["inputs"]
    numbers = {Path(each["path"]).name: each["number"] for each in inputs}
    rows = _rows(out, ("sekisho_id", "sekisho_verdict")).to_pylist()
    for verdict, name in SHOWN.items():
        places = [row["sekisho_id"].split(":") for row in rows if row["sekisho_verdict"] == verdict]
        own = [int(row) for number, row in places if int(number) == numbers[name]]
        yield f"{numbers[name]}:{min(own)}"


def moves(before: Run, after: Run) -> Counter[Move]:
    """How many rows changed how, country by country, from one run over the same rows to another."""
    old, new = _answers(before.cleared.out), _answers(after.cleared.out)
    counted = Counter[Move]()
    for identifier, then in new.items():
        for code, (answer, cited) in then.items():
            earlier = old.get(identifier, {}).get(code, (answer, cited))[0]
            if earlier != answer:
                counted[Move(code, earlier, answer, cited)] += 1
    return counted


def _answers(out: Path) -> dict[str, dict[str, tuple[Answer, tuple[str, str]]]]:
    """Row id → country → answer, for every row that could be read."""
    by_case = {case["case"]: _by_country(case) for case in pq.read_table(out / CASES).to_pylist()}
    rows = _rows(out, ("sekisho_id", "sekisho_case")).to_pylist()
    return {row["sekisho_id"]: by_case[row["sekisho_case"]] for row in rows if row["sekisho_case"]}


def _by_country(case: dict[str, Any]) -> dict[str, tuple[Answer, tuple[str, str]]]:
    """The answers to a case's only claim: rows of addresses make no other."""
    found = {}
    for each in case["claims"][0]["jurisdictions"]:
        cited = each["citation"] or {"en": "", "ja": ""}
        found[each["jurisdiction"]] = Answer(each["rule"], each["outcome"], each["verdict"]), (cited["en"], cited["ja"])
    return found


def _rows(out: Path, columns: tuple[str, ...]) -> pa.Table:
    """These columns of every row of a run."""
    files = [path for side in SIDES for path in sorted((out / side).glob("*.parquet"))]
    return pa.concat_tables([pq.read_table(path, columns=list(columns)) for path in files])
