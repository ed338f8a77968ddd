"""The plan of a run: what goes in, cut into shards once and for all, with a digest of everything that decides.

Written first and never recomputed from how an engine happens to split work, so a run that was killed goes on with the same shards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sekisho
from sekisho import datasets
from sekisho.datasets import Piece
from sekisho.errors import InputError
from sekisho.model import Policy

WHOLE_DIGEST_BYTES = 256 << 20
END_BYTES = 1 << 20


@dataclass(frozen=True)
class Options:
    """Everything the user chose; equal options over equal input give equal bytes."""

    jurisdictions: tuple[str, ...]
    on: date
    purpose: str = "commercial"
    policy: Policy = Policy.SIGNALS
    assume: str = "public-web"
    agents: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    url_column: str | None = None
    hindsight: bool = False
    observed: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The options as plain values."""
        return {**asdict(self), "on": self.on.isoformat(), "policy": self.policy.value, "facts": dict(self.facts)}


@dataclass(frozen=True)
class Input:
    """One input file: its number, path, format, size and digest (SHA-256 of the whole, or of size and both ends when it is large)."""

    number: int
    path: str
    format: str
    bytes: int
    digest: str
    problem: str = ""
    """Why the file as a whole cannot be read; it then counts as one row, left out with this reason."""


@dataclass(frozen=True)
class Shard:
    """A run of one input that becomes one file each of kept and left_out rows."""

    name: str
    input: int
    piece: Piece


@dataclass(frozen=True)
class Plan:
    """The inputs, the shards in order, the options, and the digests of all else that decides."""

    inputs: tuple[Input, ...]
    shards: tuple[Shard, ...]
    options: Options
    law: str
    observations: str
    tables: tuple[str, ...] = ()
    version: str = field(default=sekisho.__version__)

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides a row; the place of an input on disk does not."""
        decides = {
            "inputs": [[each.format, each.bytes, each.digest] for each in self.inputs],
            "shards": [[shard.name, shard.input, list(shard.piece)] for shard in self.shards],
            "options": {key: value for key, value in self.options.as_json().items() if key not in {"observed", "tables"}},
            "tables": self.tables,
            "law": self.law,
            "observations": self.observations,
            "version": self.version,
        }
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The plan as it stands in ``plan.json``."""
        return {
            "digest": self.digest,
            "version": self.version,
            "options": self.options.as_json(),
            "law": self.law,
            "observations": self.observations,
            "tables": self.tables,
            "inputs": [asdict(each) for each in self.inputs],
            "shards": [{"name": s.name, "input": s.input, "start": s.piece.start, "stop": s.piece.stop} for s in self.shards],
        }


def make(paths: Iterable[Path], options: Options, law: str, observations: str) -> Plan:
    """The plan for ``paths`` (files, or folders that are one data set); raises InputError for what is no data set or when nothing can be read."""
    files = [file for path in paths for file in _files(path)]
    inputs, shards = [], list[Shard]()
    for number, path in enumerate(files):
        format_name = datasets.format_of(path) or ""
        pieces, problem = _pieces(path, format_name)
        inputs.append(Input(number, str(path), format_name, path.stat().st_size, _digest(path), problem))
        shards += [Shard(f"{number:05d}-{place:05d}", number, piece) for place, piece in enumerate(pieces)]
    if inputs and all(each.problem for each in inputs):
        raise InputError(inputs[0].problem, inputs[0].problem)
    return Plan(tuple(inputs), tuple(shards), options, law, observations, tuple(_digest(Path(table)) for table in options.tables))


def _pieces(path: Path, format_name: str) -> tuple[list[Piece], str]:
    try:
        return datasets.formats()[format_name].pieces(path), ""
    except InputError as error:
        return [Piece()], error.en


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise InputError(f"There is no {path}.", f"{path} は存在しません。")
    found = sorted(file for file in path.rglob("*") if file.is_file() and datasets.format_of(file)) if path.is_dir() else [path]
    if not found or datasets.format_of(found[0]) is None:
        known = ", ".join(datasets.formats())
        raise InputError(
            f"{path} is no data set that Sekisho reads ({known}), judging by its name.",
            f"{path} は読み取れる形式（{known}）のデータではないようです。",
        )
    return found


def _digest(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size <= WHOLE_DIGEST_BYTES:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        ends = hashlib.sha256(str(size).encode() + stream.read(END_BYTES))
        stream.seek(-END_BYTES, 2)
        ends.update(stream.read(END_BYTES))
        return "ends:" + ends.hexdigest()
