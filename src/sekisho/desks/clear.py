"""The main job: clear a data set. Plans, works off the shards, folds their footers into ``run.json``, lays the evidence beside them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sekisho import cases, declared, engine, handover, hosts, plan, reasons, registry, report, settings, tallies
from sekisho.clusters import RayPool
from sekisho.engine import CASES, OBSERVATIONS, PLAN, REPORT, RUN, Footer, LocalPool, Pool
from sekisho.errors import RunError, UsageError
from sekisho.facts import ASSUMPTIONS
from sekisho.formats.locks import locked
from sekisho.hosts import Recorded
from sekisho.model import Verdict
from sekisho.observe.records import NEVER
from sekisho.plan import Options, Plan
from sekisho.progress import Progress, watched
from sekisho.settings import Choices, Place, settled

OBSERVATION_SCHEMA = pa.schema(
    [
        ("number", pa.uint32()),
        ("url", pa.string()),
        ("at", pa.timestamp("us", "UTC")),
        ("status", pa.int32()),
        ("digest", pa.string()),
        ("failure", pa.string()),
        ("spoke", pa.list_(hosts.QUOTE)),
    ]
)
LOCAL, RAY = "local", "ray"
Tell = Callable[[Progress], None]
"""What is told how far a run is, now and then, from a thread of its own."""


@dataclass(frozen=True)
class Cleared:
    """What a run came to: ``counts`` by verdict, jurisdiction, reason and condition; ``problems`` in inputs and observations."""

    out: Path
    rows: int
    counts: dict[str, dict[str, int]]
    problems: tuple[str, ...]

    @property
    def kept(self) -> int:
        """How many rows are allowed in every jurisdiction asked."""
        return self.counts.get("verdict", {}).get(Verdict.ALLOW.value, 0)


class Started(NamedTuple):
    """When a run began, by the calendar and by a clock that nobody sets."""

    at: datetime
    ticks: float

    @property
    def clock(self) -> dict[str, str | float]:
        """The fields of ``run.json`` that differ from run to run."""
        finished = datetime.now(UTC)
        return {"started": self.at.isoformat(), "finished": finished.isoformat(), "seconds": round(time.monotonic() - self.ticks, 3)}


def clear(
    inputs: Iterable[Path],
    out: Path,
    options: Options,
    *,
    pool: Pool = LocalPool(),  # noqa: B008 - frozen
    resume: bool = False,
    progress: Tell | None = None,
) -> Cleared:
    """Judge every row of ``inputs`` and write the run into ``out``.

    Raises UsageError, InputError or RunError; a kill at any moment leaves a folder that ``resume`` completes to the same bytes.
    """
    started = Started(datetime.now(UTC), time.monotonic())
    options, _ = settled(options)
    engine.forget()
    engine.fact_table(options.tables, options.on, options.hindsight)
    taken = plan.inputs(inputs, options.url_column)
    observed = hosts.opened(engine.sources_of(options, engine.archives_of(taken))).seen
    made = plan.make(taken, options, engine.pack_of(options).digest, observed.digest, registry.digest(options.works))
    out.mkdir(parents=True, exist_ok=True)
    with locked(out):
        _lay_plan(out, made, resume=resume)
        with watched(out, made, progress):
            footers = list(engine.run(out, made, pool))
            engine.check_whole(out, made)
        return _finish(out, made, observed, footers, started)


def called(
    inputs: Place | Iterable[Place],
    out: Place,
    choices: Choices,
    *,
    engine: str = LOCAL,
    workers: int | None = None,
    resume: bool = False,
    progress: Tell | None = None,
) -> Cleared:
    """The same, called from Python with paths, engine and choices as people write them."""
    paths = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    options, _ = settings.options(choices)
    pool = pool_of(engine, workers or os.cpu_count() or 1)
    return clear([Path(path) for path in paths], Path(out), options, pool=pool, resume=resume, progress=progress)


def pool_of(engine: str, workers: int) -> Pool:
    """Who works off the shards: ``local`` processes, or tasks on ``ray``, on the cluster at the address in ``ray=ADDRESS``; raises UsageError."""
    name, _, address = engine.partition("=")
    if name == RAY:
        return RayPool(address, workers)
    if engine != LOCAL:
        raise UsageError(
            f"There is no engine {engine!r}: local, ray, ray=ADDRESS.", f"エンジン「{engine}」はありません（local、ray、ray=アドレス）。"
        )
    return LocalPool(workers)


def _lay_plan(out: Path, made: Plan, *, resume: bool) -> None:
    """Write the plan first; a folder that holds anything else is refused, the same plan is gone on with only when asked."""
    path = out / PLAN
    if not path.exists():
        strangers = sorted(entry.name for entry in out.iterdir() if entry.name != ".lock")
        if strangers:
            raise RunError(
                f"{out} is not empty ({strangers[0]}) and holds no run of Sekisho. Choose another folder.",
                f"{out} は空ではなく（{strangers[0]}）、Sekisho の実行結果でもありません。別のフォルダーを指定してください。",
            )
        write_json(path, made.as_json())
        return
    _check_same(path, made)
    if not resume:
        raise RunError(
            f"{out} already holds this run. Add --resume to go on or complete it, or choose another folder.",
            f"{out} にはこの実行の結果があります。続けるには --resume を付けるか、別のフォルダーを指定してください。",
        )


def _check_same(path: Path, made: Plan) -> None:
    """Raise RunError when the folder's plan is another one, saying what differs."""
    held, wanted = json.loads(path.read_text("utf-8")), made.as_json()
    if held["digest"] == wanted["digest"]:
        return
    before = {entry["number"]: entry for entry in held["inputs"]}
    changed = [e["path"] for e in wanted["inputs"] if e["number"] in before and before[e["number"]]["digest"] != e["digest"]]
    differs = changed or [
        key for key in ("options", "law", "observations", "tables", "works", "version", "inputs") if held.get(key) != wanted[key]
    ]
    raise RunError(
        f"{path.parent} holds another run: {', '.join(differs)} changed since. Choose another folder.",
        f"{path.parent} には別の実行の結果があります（変更点：{'、'.join(differs)}）。別のフォルダーを指定してください。",
    )


def _finish(out: Path, made: Plan, observed: Recorded, footers: Sequence[Footer], started: Started) -> Cleared:
    """Fold the footers and write what stands beside the rows; ``run.json`` comes last, so its presence means the run is whole."""
    keys = {key for footer in footers for key in footer.cases}
    cases.check_names(keys)
    spoken = observations_table(observed, made)
    write_parquet(out / OBSERVATIONS, spoken)
    counts: dict[str, dict[str, int]] = {}
    for footer in footers:
        for kind, counted in footer.counts.items():
            total = counts.setdefault(kind, {})
            for word, number in counted.items():
                total[word] = total.get(word, 0) + number
    counts = {kind: dict(sorted(counted.items())) for kind, counted in sorted(counts.items())}
    rows_of = counts.pop("case", {})
    told = tallies.by_case({kind: counts.pop(kind) for kind in tallies.KINDS if kind in counts})
    problems = tuple([each.problem for each in made.inputs if each.problem] + observed.problems)
    rows = sum(footer.rows for footer in footers)
    table = reasons.table(sorted(keys), engine.question_of(made.options), rows_of, told)
    write_parquet(out / CASES, table)
    works = _works(out, made.options)
    owed = handover.credit_lines(out, table)
    run = made.as_json() | {
        "assumptions": ASSUMPTIONS[made.options.assume],
        "declared": {each.path: declared.columns_of(plan.schema_of(each)) for each in made.inputs if not each.problem},
        "rows": rows,
        "counts": counts,
        "cases": len(keys),
        "credits": owed,
        **works,
        "languages": tallies.by_language(told, table),
        "problems": problems,
        "hosts": _hosts(footers),
        "clock": started.clock,
    }
    write_text(out / REPORT, report.page(run, table, spoken))
    write_json(out / RUN, run)
    return Cleared(out, rows, counts, problems)


def _works(out: Path, options: Options) -> dict[str, Any]:
    """Write what stood behind the registered works that rows make claims for; how many there are, and what the store holds."""
    asked = engine.registry_of(options)
    if asked is None:
        return {}
    rows = registry.rows_of(sorted(out.glob("*/*.parquet")))
    write_parquet(out / registry.FILE, asked.table(rows))
    return {"matched": {"works": len(rows), "claims": rows.total()}, "registered": asked.summary()}


def _hosts(footers: Sequence[Footer], most: int = 100) -> dict[str, dict[str, int]]:
    """The authorities with the most rows, over all shards."""
    total: dict[str, dict[str, int]] = {}
    for footer in footers:
        for name, pair in footer.hosts.items():
            held = total.setdefault(name, {"rows": 0, "kept": 0})
            held["rows"] += pair["rows"]
            held["kept"] += pair["kept"]
    return dict(sorted(total.items(), key=lambda item: (-item[1]["rows"], item[0]))[:most])


def observations_table(observed: Recorded, made: Plan) -> pa.Table:
    """Every observation by number with the lines that spoke."""
    known = observed.table.select(["url", "at", "status", "failure"])
    columns = {
        "number": pa.array(np.arange(len(observed)), pa.uint32()),
        **dict(zip(known.column_names, known.columns, strict=True)),
        "at": pc.if_else(pc.equal(known.column("at"), NEVER), None, known.column("at")),
        "digest": [digest.hex() for digest in observed.column("digest").to_pylist()],
        "spoke": hosts.spoken(engine.sources_of(made.options, engine.archives_of(made.inputs)), observed, engine.axis_of(made.options)),
    }
    return pa.table([columns[name] for name in OBSERVATION_SCHEMA.names], names=OBSERVATION_SCHEMA.names).cast(OBSERVATION_SCHEMA)


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` whole or not at all."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write ``text`` whole or not at all; file names that are no text stand there as JSON spells them."""
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write ``table`` whole or not at all."""
    temporary = path.with_name(f".{path.name}.part")
    pq.write_table(table, temporary, compression="zstd")
    temporary.replace(path)
