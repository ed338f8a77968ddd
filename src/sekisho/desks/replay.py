"""Decide a run again from its recorded evidence and compare: the cases of its footers, under the law pack of this install."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sekisho import law
from sekisho.cases import check_names, judged, name_of
from sekisho.decide import Question
from sekisho.engine import CASES, RUN, SIDES, read_footer
from sekisho.errors import InputError
from sekisho.model import Policy
from sekisho.policy import VERDICTS


@dataclass(frozen=True)
class Replayed:
    """How a run compares with what would be decided today from the same facts.

    ``differs`` holds (case, recorded verdict, verdict now, rows); ``same_law`` says whether the law pack is the one of the run,
    ``broken`` names files of the run that are missing, cut or from another run.
    """

    cases: int
    differs: tuple[tuple[str, str, str, int], ...]
    same_law: bool
    broken: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """True when every case comes out as recorded and no file is broken."""
        return not self.differs and not self.broken


def replay(out: Path) -> Replayed:
    """Decide every case of a finished run again. Raises InputError when there is no finished run."""
    try:
        run: dict[str, Any] = json.loads((out / RUN).read_text("utf-8"))
        recorded = {row["case"]: row for row in pq.read_table(out / CASES, columns=["case", "verdict", "rows"]).to_pylist()}
    except (OSError, ValueError) as error:
        raise InputError(f"{out} holds no finished run ({RUN}).", f"{out} に完了した実行（{RUN}）がありません。") from error
    broken = list(_broken(out, run))
    keys = sorted({key for path in _files(out) if (footer := read_footer(path)) for key in footer[0].cases})
    check_names(keys)
    options = run["options"]
    pack = law.pack(Path(options["pack"]) if options.get("pack") else None)
    question = Question(tuple(options["jurisdictions"]), date.fromisoformat(options["on"]), policy=Policy(options["policy"]), pack=pack)
    now = {name_of(key): VERDICTS[code].value for key, code in _verdicts(keys, question)}
    differs = [
        (case, row["verdict"], now.get(case, "missing"), row["rows"]) for case, row in recorded.items() if now.get(case) != row["verdict"]
    ]
    return Replayed(len(keys), tuple(differs), pack.digest == run["law"], tuple(broken))


def _verdicts(keys: list[bytes], question: Question) -> Iterator[tuple[bytes, int]]:
    if keys:
        answers = judged(keys, question)
        yield from zip(keys, map(int, answers.verdict), strict=True)


def _files(out: Path) -> list[Path]:
    return [path for side in SIDES for path in sorted((out / side).glob("*.parquet"))]


def _broken(out: Path, run: dict[str, Any]) -> Iterator[str]:
    """Files of the plan that are not whole, or carry the footer of another run."""
    for shard in run["shards"]:
        for side in SIDES:
            path = out / side / f"{shard['name']}.parquet"
            footer = read_footer(path)
            if footer is None or footer[0].digest != run["digest"]:
                yield str(path.relative_to(out))
