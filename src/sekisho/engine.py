"""Works off a plan: (plan, shard) → two files, over a local pool of processes. No scheduler is ours, and nothing done is done twice.

Files are written under a temporary name, synced and renamed. A footer carries the digest of everything that decided the rows, the
counts and the cases met; a shard is done when the footers of both its files agree with the plan.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sekisho import contents, datasets, hosts, law, layout, registry, tables
from sekisho.cases import Casebook, schema_of_answers
from sekisho.contents import Contents
from sekisho.datasets import Batch, empty_rows
from sekisho.decide import Question
from sekisho.errors import RunError
from sekisho.hosts import Sources
from sekisho.kernels.addresses import Authorities, counted
from sekisho.kernels.ids import ids
from sekisho.law import Pack
from sekisho.locations import Inquiry, Locations, Readings
from sekisho.model import Ask, Axis
from sekisho.plan import Input, Options, Plan, Shard, schema_of
from sekisho.progress import note
from sekisho.registry import Registry
from sekisho.rows import Answers, Judge
from sekisho.tables import FactTable

FOOTER = b"sekisho"
SIDES = ("kept", "left_out")
PLAN, RUN, CASES, OBSERVATIONS, REPORT = "plan.json", "run.json", "cases.parquet", "observations.parquet", "report.html"
GROUP_ROWS = 262_144
GROUP_BYTES = 64 << 20
MOST_HOSTS = 1_000
"""How many authorities a footer names."""


@dataclass(frozen=True)
class Footer:
    """What a finished file says of itself; both files of a shard carry the same."""

    digest: str
    rows: int
    counts: dict[str, dict[str, int]]
    cases: tuple[bytes, ...]
    hosts: dict[str, dict[str, int]]

    def as_bytes(self, first_ids: list[str]) -> bytes:
        """The footer as JSON; ``first_ids`` holds the id that each row group of this file begins with."""
        cases = [base64.b64encode(key).decode() for key in self.cases]
        table = {"digest": self.digest, "rows": self.rows, "counts": self.counts, "hosts": self.hosts, "cases": cases}
        return json.dumps(table | {"first_ids": first_ids}, sort_keys=True).encode()


def read_footer(path: Path) -> tuple[Footer, list[str]] | None:
    """The footer of a finished file and the ids its row groups begin with; None when there is no such file or it is not whole."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
        table = json.loads(metadata[FOOTER])
    except (OSError, pa.ArrowException, KeyError, ValueError):
        return None
    cases = tuple(base64.b64decode(case) for case in table["cases"])
    return Footer(table["digest"], table["rows"], table["counts"], cases, table["hosts"]), table["first_ids"]


def done(out: Path, plan: Plan, shard: Shard) -> Footer | None:
    """The footer of ``shard`` when both its files are whole and were decided by this very plan."""
    footers = [read_footer(path_of(out, side, shard)) for side in SIDES]
    kept, left_out = (footer[0] if footer else None for footer in footers)
    return kept if kept and kept == left_out and kept.digest == plan.digest else None


def check_whole(out: Path, plan: Plan) -> None:
    """Raise RunError when a file of a shard has gone from ``out`` while others were worked off."""
    gone = next((path for shard in plan.shards for side in SIDES if not (path := path_of(out, side, shard)).exists()), None)
    if gone:
        raise RunError(
            f"{gone} disappeared while the run went on. Run again with --resume.",
            f"{gone} が実行中になくなりました。--resume を付けて再実行してください。",
        )


def path_of(out: Path, side: str, shard: Shard) -> Path:
    """Where the rows of ``shard`` lie."""
    return out / side / f"{shard.name}.parquet"


Pool = Callable[[Path, Plan, Sequence[Shard]], Iterator[Footer]]
"""Works off shards and gives back their footers as they get ready."""


def run(out: Path, plan: Plan, pool: Pool) -> Iterator[Footer]:
    """Work off every shard that is not done; the footers of all shards as they get ready."""
    open_shards = []
    for shard in plan.shards:
        if footer := done(out, plan, shard):
            note(out, shard.place, 1, footer.counts.get("verdict", {}), found=True)
            yield footer
        else:
            open_shards.append(shard)
    yield from pool(out, plan, open_shards) if open_shards else ()


@dataclass(frozen=True)
class LocalPool:
    """Processes on this machine; one alone is this very process."""

    workers: int = 1

    def __call__(self, out: Path, plan: Plan, shards: Sequence[Shard]) -> Iterator[Footer]:
        if self.workers <= 1 or len(shards) <= 1:
            yield from (work(out, plan, shard) for shard in shards)
            return
        with ProcessPoolExecutor(min(self.workers, len(shards)), get_context("spawn")) as pool:
            tasks = [pool.submit(work, out, plan, shard) for shard in shards]
            try:
                yield from (task.result() for task in as_completed(tasks))
            except BrokenProcessPool as error:
                raise RunError(
                    f"{out}: a worker was killed, perhaps for want of memory. Run again with --resume, or with fewer --workers.",
                    f"{out}：ワーカーが強制終了されました（メモリー不足の可能性があります）。--resume を付けて再実行するか、--workers を減らしてください。",
                ) from error


def sources_of(options: Options, archives: tuple[str, ...] = ()) -> Sources:
    """What a run knows of hosts from; the robots records inside ``archives``, its own WARC inputs, are heard too."""
    return Sources(tuple(map(Path, options.observed)), tuple(map(Path, archives)), ask_of(options), options.on, options.hindsight)


@lru_cache(maxsize=1)
def locations(options: Options, archives: tuple[str, ...] = (), digest: str = "") -> Locations:
    """Where the rows of a run find what was observed of them, kept from shard to shard; ``digest`` is that of the plan's observations."""
    seen, table = hosts.opened(sources_of(options, archives))
    if digest not in {"", seen.digest}:
        raise RunError(
            f"{', '.join(options.observed)} changed during the run. Start it anew in another folder.",
            f"{'、'.join(options.observed)} が実行中に変更されました。別のフォルダーで最初からやり直してください。",
        )
    day = hosts.last_moment(options.on, hindsight=options.hindsight)
    inquiry = Inquiry(ask_of(options), axis_of(options), options.jurisdictions, seen.terms(day))
    return Locations(Readings(seen, table, inquiry, day))


def archives_of(inputs: Iterable[Input]) -> tuple[str, ...]:
    """The inputs that carry observations themselves."""
    return tuple(each.path for each in inputs if each.format == "warc")


@lru_cache(maxsize=1)
def fact_table(paths: tuple[str, ...], on: date, hindsight: bool) -> FactTable:
    """The facts that the user brought as tables, read once a run in each process."""
    return tables.load([Path(path) for path in paths], on, hindsight=hindsight)


def forget() -> None:
    """Let the next run of this process see observations, tables and stores as they then are."""
    locations.cache_clear()
    fact_table.cache_clear()
    registry.forget()


def ask_of(options: Options) -> Ask:
    """On whose behalf the run reads signals."""
    return Ask(agents=options.agents, commercial=options.purpose == "commercial")


def axis_of(options: Options) -> Axis:
    """The axis that the run asks about: training, or use at inference for retrieval."""
    return Axis.AI_USE if dict(options.facts).get("use_kind") == "rag" else Axis.TRAIN


def question_of(options: Options) -> Question:
    """What the run asks of every claim."""
    return Question(options.jurisdictions, options.on, policy=options.policy, pack=pack_of(options))


def pack_of(options: Options) -> Pack:
    """The law pack of the run: ours, with the user's own files beside it."""
    return law.pack(Path(options.pack) if options.pack else None)


def registry_of(options: Options) -> Registry | None:
    """The works store of a run as its rows ask it."""
    if options.works is None:
        return None
    told = date.max if options.hindsight else options.on
    stated = fact_table(options.tables, options.on, options.hindsight).works
    return Registry(registry.opened(options.works), options.on, told, options.jurisdictions, stated)


def judge(options: Options, archives: tuple[str, ...] = (), digest: str = "") -> Judge:
    """The judge of a run's batches; ``archives`` are inputs that carry observations themselves, ``digest`` is that of all of them."""
    brought = fact_table(options.tables, options.on, options.hindsight)
    heard = locations(options, archives, digest)
    return Judge(options, heard, Casebook(question_of(options)), brought, Contents(registry_of(options)))


def work(out: Path, plan: Plan, shard: Shard) -> Footer:
    """Judge the rows of one shard and write its two files; the same bytes whenever and wherever it runs."""
    registry.check(plan.options.works, plan.works)
    judging = judge(plan.options, archives_of(plan.inputs), plan.observations)
    source = plan.inputs[shard.input]
    columns = schema_of(source)
    try:
        return _write(out, plan, shard, judging, columns)
    except OSError as error:
        raise RunError(
            f"{out}: writing stopped ({error.strerror or error}). Free some space, then run again with --resume.",
            f"{out}：書き込みが止まりました（{error.strerror or error}）。空き容量を確保し、--resume を付けて再実行してください。",
        ) from error


def _batches(plan: Plan, shard: Shard, columns: pa.Schema) -> Iterator[Batch]:
    """The rows of a shard; a file that cannot be read as a whole is one row, left out with the reason."""
    source = plan.inputs[shard.input]
    if source.problem:
        return iter([Batch(0, empty_rows(columns, 1), {0: f"unreadable file: {source.problem}"})])
    return datasets.formats()[source.format].read(Path(source.path), shard.piece)


def _write(out: Path, plan: Plan, shard: Shard, judge: Judge, columns: pa.Schema) -> Footer:
    whole = _whole_schema(columns, plan.options)
    sides = {side: _Side(path_of(out, side, shard), whole) for side in SIDES}
    rows, hosts_met = 0, _Hosts()
    try:
        for batch in _batches(plan, shard, columns):
            answers = judge.answers(batch)
            hosts_met.add(answers)
            for side, chosen in (("kept", answers.kept), ("left_out", ~answers.kept)):
                sides[side].add(_beside(batch, answers, np.flatnonzero(chosen), shard.input, whole))
            rows += batch.table.num_rows
            note(out, shard.place, batch.share, judge.counts["verdict"])
        counts = judge.counts | judge.contents.tally.counts(judge.casebook.names)
        footer = Footer(plan.digest, rows, counts, judge.casebook.met, hosts_met.largest())
        for file in sides.values():
            file.finish(footer)
        note(out, shard.place, 1, judge.counts.get("verdict", {}))
    except BaseException:
        for file in sides.values():
            file.drop()
        raise
    return footer


def _whole_schema(columns: pa.Schema, options: Options) -> pa.Schema:
    """The input's columns and ours; input columns that bear our names, from an earlier run, step back as ``input_``."""
    own = [f.with_name(f"input_{f.name}") if f.name.startswith("sekisho_") else f for f in columns]
    told = contents.schema(columns, works=options.works is not None)
    return pa.schema([f.with_nullable(True) for f in own] + list(schema_of_answers(options.jurisdictions)) + list(told))


def _beside(batch: Batch, answers: Answers, rows: NDArray[np.int64], number: int, whole: pa.Schema) -> pa.Table:
    """``rows`` of a batch with their verdict columns."""
    own = batch.table if len(rows) == batch.table.num_rows else batch.table.take(pa.array(rows))
    columns = answers.columns(rows) | {"sekisho_id": _ids(number, batch.first, rows)}
    ours = [columns[name] for name in whole.names[own.num_columns :]]
    return pa.table([*own.columns, *ours], schema=whole)


def _ids(number: int, first: int, rows: NDArray[np.int64]) -> pa.Array:
    """The ids of rows: file number, colon, row number."""
    return ids(f"{number}:", rows + first)


@dataclass
class _Side:
    """One of the two files of a shard, under a temporary name until it is whole."""

    path: Path
    schema: pa.Schema
    first_ids: list[str] = field(default_factory=list)
    waiting: list[pa.Table] = field(default_factory=list)
    _rows: int = 0
    _bytes: int = 0
    _writer: Any = None

    @property
    def temporary(self) -> Path:
        return self.path.with_name(f".{self.path.name}.part")

    def add(self, table: pa.Table) -> None:
        self.waiting.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        if self._rows >= GROUP_ROWS or self._bytes >= GROUP_BYTES:
            self.flush()

    def flush(self) -> None:
        table = pa.concat_tables(self.waiting).unify_dictionaries() if self.waiting else self.schema.empty_table()
        self.waiting, self._rows, self._bytes = [], 0, 0
        if table.num_rows:
            self.first_ids.append(table.column("sekisho_id")[0].as_py())
            self.writer(table).write_table(table, row_group_size=table.num_rows)

    def writer(self, first: pa.Table) -> pq.ParquetWriter:
        """The writer of the file, laid out by its first rows."""
        if self._writer is None:
            self.path.parent.mkdir(exist_ok=True)
            self._writer = layout.writer(self.temporary, self.schema, first)
        return self._writer

    def finish(self, footer: Footer) -> None:
        self.flush()
        writer = self.writer(self.schema.empty_table())
        writer.add_key_value_metadata({FOOTER: footer.as_bytes(self.first_ids)})
        writer.close()
        with self.temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        self.temporary.replace(self.path)

    def drop(self) -> None:
        """Forget what is half written; closing may fail too when the disk is full."""
        try:
            if self._writer is not None:
                self._writer.close()
        except (OSError, pa.ArrowException):
            pass
        self.temporary.unlink(missing_ok=True)


class _Hosts:
    """How many rows each authority has, kept and left out; only the largest go into the footer."""

    def __init__(self) -> None:
        self.authorities: Authorities | None = None
        self.rows = np.zeros((2, 0), np.int64)
        """For each authority all its rows, and those kept."""
        self.counts: dict[str, list[int]] = {}

    def add(self, answers: Answers) -> None:
        """Count the rows of a batch."""
        addresses = answers.addresses
        if addresses.authorities is not self.authorities:
            self._fold()
            self.authorities, self.rows = addresses.authorities, np.zeros((2, 0), np.int64)
        more = len(addresses.authorities) - self.rows.shape[1]
        if more > 0:
            self.rows = np.pad(self.rows, ((0, 0), (0, more + self.rows.shape[1])))
        counted(addresses.codes, answers.kept, self.rows[0], self.rows[1])

    def _fold(self) -> None:
        """Take the authorities with the most rows over by name."""
        if self.authorities is None:
            return
        every, kept = self.rows
        few = min(len(every), MOST_HOSTS)
        least = int(np.partition(every, -few)[-few]) if few else 0
        for place in np.flatnonzero(every >= max(least, 1)).tolist():
            pair = self.counts.setdefault(self.authorities[place], [0, 0])
            pair[0] += int(every[place])
            pair[1] += int(kept[place])

    def largest(self) -> dict[str, dict[str, int]]:
        """The authorities with the most rows, exact as long as no more than a million are met in one shard."""
        self._fold()
        ordered = sorted(self.counts.items(), key=lambda item: (-item[1][0], item[0]))[:MOST_HOSTS]
        return {name: {"rows": total, "kept": kept} for name, (total, kept) in ordered}
