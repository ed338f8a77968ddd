"""What changed between two runs: rows whose answer moved, from what to what, and whether the law, the evidence or the question did it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sekisho import datasets
from sekisho.engine import RUN, SIDES
from sekisho.errors import InputError

ASKED = ("jurisdictions", "on", "purpose", "policy", "assume", "agents", "facts", "hindsight")
EXAMPLES = 3


@dataclass(frozen=True)
class Move:
    """Rows that went from one answer to another; ``examples`` are a few of their ids in the later run."""

    before: tuple[str, str]
    after: tuple[str, str]
    rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What two runs answer differently; ``causes`` names what was not the same: options, law, observations, tables, works, inputs, version."""

    same: int
    moves: tuple[Move, ...]
    gone: int
    new: int
    causes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The difference for programs."""
        moves = [
            {
                "before": dict(zip(("verdict", "why"), m.before, strict=True)),
                "after": dict(zip(("verdict", "why"), m.after, strict=True)),
                "rows": m.rows,
                "examples": m.examples,
            }
            for m in self.moves
        ]
        return {"same": self.same, "moves": moves, "gone": self.gone, "new": self.new, "causes": self.causes}


def diff(before: Path, after: Path) -> Difference:
    """Compare two finished runs row by row: by id when their inputs are the same files, else by address. Raises InputError for no run."""
    runs = [_run(out) for out in (before, after)]
    by_id = [each["digest"] for each in runs[0]["inputs"]] == [each["digest"] for each in runs[1]["inputs"]]
    earlier = {key: answer for key, answer, _ in _answers(before, runs[0], by_id=by_id)}
    moved: Counter[tuple[tuple[str, str], tuple[str, str]]] = Counter()
    examples: dict[tuple[tuple[str, str], tuple[str, str]], list[str]] = {}
    same = new = met = 0
    for key, answer, identifier in _answers(after, runs[1], by_id=by_id):
        was = earlier.get(key)
        met += was is not None
        if was is None:
            new += 1
        elif was[0] == answer[0]:
            same += 1
        else:
            moved[was, answer] += 1
            if len(held := examples.setdefault((was, answer), [])) < EXAMPLES:
                held.append(identifier)
    moves = [Move(*pair, count, tuple(examples[pair])) for pair, count in moved.most_common()]
    return Difference(same, tuple(moves), len(earlier) - met, new, _causes(*runs))


def _run(out: Path) -> dict[str, Any]:
    try:
        run: dict[str, Any] = json.loads((out / RUN).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{out} holds no finished run ({RUN}).", f"{out} に完了した実行（{RUN}）がありません。") from error
    return run


def _causes(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    asked = [name for name in ASKED if before["options"][name] != after["options"][name]]
    inputs = [] if [e["digest"] for e in before["inputs"]] == [e["digest"] for e in after["inputs"]] else ["inputs"]
    return (
        *asked,
        *(name for name in ("law", "observations", "tables", "works", "version") if before.get(name) != after.get(name)),
        *inputs,
    )


def _answers(out: Path, run: dict[str, Any], *, by_id: bool) -> Iterator[tuple[str, tuple[str, str], str]]:
    """Key, (verdict, what decided) and id of every row of a run."""
    for path in (path for side in SIDES for path in sorted((out / side).glob("*.parquet"))):
        file = pq.ParquetFile(path)
        key = "sekisho_id" if by_id else datasets.url_column(file.schema_arrow, run["options"]["url_column"])
        for batch in file.iter_batches(columns=list(dict.fromkeys([key, "sekisho_id", "sekisho_verdict", "sekisho_reason"]))):
            columns = [
                datasets.column(batch, name).cast(pa.string()).to_pylist()
                for name in (key, "sekisho_verdict", "sekisho_reason", "sekisho_id")
            ]
            yield from ((k or i, (v, r.split(":")[0] if r else ""), i) for k, v, r, i in zip(*columns, strict=True))
