"""The law on columns: distinct fact tuples against every jurisdiction, on one core. ``python -m benchmarks.law``

The promise: 100,000 random distinct tuples against all jurisdictions in under 10 s; reading the pack in under 60 ms.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Callable
from datetime import date

import numpy as np

from sekisho import law
from sekisho.law import batch, packs
from sekisho.model import Stage

ON = date(2026, 11, 22)
SEED = 20261122


def tuples(count: int) -> dict[str, law.Column]:
    """Random columns whose rows are all different."""
    random = np.random.default_rng(SEED)
    rows = np.column_stack([random.integers(0, len(fact.values), 2 * count, np.uint8) for fact in law.FACTS])
    distinct = np.unique(rows, axis=0)
    kept = distinct[random.permutation(len(distinct))[:count]]
    assert len(kept) == count
    return {fact.id: np.ascontiguousarray(kept[:, place]) for place, fact in enumerate(law.FACTS)}


def questions(count: int) -> io.BytesIO:
    """Lines for ``law ask --batch``, six facts each."""
    random = np.random.default_rng(SEED)
    places = law.pack().jurisdictions
    some = ["purpose", "optout_loc", "lawful_access", "paid_dataset", "single_creator_ft", "registry_terms"]

    def line(number: int) -> str:
        facts = {name: str(random.choice(law.fact(name).values)) for name in some}
        return json.dumps({"id": number, "jurisdiction": places[number % len(places)], "on": str(ON), "stage": "ingest", "facts": facts})

    return io.BytesIO("\n".join(map(line, range(count))).encode())


def timed(what: str, do: Callable[[], object]) -> float:
    """The seconds that ``do`` takes, printed."""
    start = time.perf_counter()
    do()
    seconds = time.perf_counter() - start
    print(f"{what:72} {seconds:8.3f} s")
    return seconds


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tuples", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=20_000)
    args = parser.parse_args()
    timed("read the pack from its files", packs.pack.__wrapped__)
    pack, columns = law.pack(), tuples(args.tuples)
    for stage in Stage:
        timed(
            f"{args.tuples:,} distinct tuples x {len(pack.jurisdictions)} jurisdictions, {stage}",
            lambda stage=stage: [law.evaluate(pack, place, ON, stage, columns) for place in pack.jurisdictions],
        )
        timed(
            f"  the same with what each unknown fact could change, {stage}",
            lambda stage=stage: [list(law.sensitivity(pack, place, ON, stage, columns)) for place in pack.jurisdictions],
        )
    lines = questions(args.lines)
    timed(f"law ask --batch, {args.lines:,} lines", lambda: sum(1 for _ in batch.answered(pack, batch.lines(lines), "en")))


if __name__ == "__main__":
    main()
