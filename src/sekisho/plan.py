"""The plan of a run: what goes in, cut into shards once and for all, with a digest of everything that decides.

Written first and never recomputed from how an engine happens to split work, so a run that was killed goes on with the same shards.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from sekisho import datasets, texts
from sekisho.datasets import Piece
from sekisho.errors import InputError
from sekisho.formats.names import as_text
from sekisho.model import Policy
from sekisho.version import VERSION

WHOLE_DIGEST_BYTES = 256 << 20
END_BYTES = 1 << 20
PLACES = {"observed", "tables", "pack", "works"}
"""Options that say where something lies; what lies there has a digest of its own."""
USER = re.compile(r"//[^/@]*@")


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
    pack: str | None = None
    """A folder with law files of the user's own, beside ours."""
    works: str | None = None
    """A works store or a snapshot of one."""

    def as_json(self) -> dict[str, Any]:
        """The options as plain values; the address of a works store loses user and password."""
        works = self.works and USER.sub("//", self.works)
        return {**asdict(self), "on": self.on.isoformat(), "policy": self.policy.value, "facts": dict(self.facts), "works": works}


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
    place: int
    """Where it stands among all shards, from 0."""


@dataclass(frozen=True)
class Plan:
    """The inputs, the shards in order, the options, and the digests of all else that decides."""

    inputs: tuple[Input, ...]
    shards: tuple[Shard, ...]
    options: Options
    law: str
    observations: str
    tables: tuple[str, ...] = ()
    works: str = ""
    version: str = field(default=VERSION)

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides a row; the place of an input on disk does not."""
        decides = {
            "inputs": [[each.format, each.bytes, each.digest] for each in self.inputs],
            "shards": [[shard.name, shard.input, list(shard.piece)] for shard in self.shards],
            "options": {key: value for key, value in self.options.as_json().items() if key not in PLACES},
            "tables": self.tables,
            "law": self.law,
            "observations": self.observations,
            "works": self.works,
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
            "works": self.works,
            "inputs": [asdict(each) for each in self.inputs],
            "shards": [{"name": s.name, "input": s.input, "start": s.piece.start, "stop": s.piece.stop} for s in self.shards],
        }


def inputs(paths: Iterable[Path], url_column: str | None = None) -> tuple[Input, ...]:
    """The files of ``paths`` (files, or folders that are one data set); raises InputError for what is no data set or when nothing can be read."""
    files = [file for path in paths for file in _files(path)]
    problems = [_problem(path, url_column) for path in files]
    first = next(iter(problems), None)
    if first and all(problems):
        raise first
    return tuple(
        Input(number, str(path), datasets.format_of(path) or "", path.stat().st_size, _digest(path), _told(problem))
        for number, (path, problem) in enumerate(zip(files, problems, strict=True))
    )


def _told(problem: InputError | None) -> str:
    """The problem as text, also where it names a file that has no UTF-8 name."""
    return as_text(problem.en.encode("utf-8", "surrogateescape")) if problem else ""


def _problem(path: Path, url_column: str | None) -> InputError | None:
    """Why a file cannot be read as a whole: it is broken, or no column of it holds addresses."""
    part = datasets.formats()[datasets.format_of(path) or ""]
    try:
        part.pieces(path)
        texts.address_column(part.schema(path), url_column)
    except InputError as error:
        named = str(path) in error.en
        return error if named else InputError(f"{path}: {error.en}", f"{path}：{error.ja}")
    return None


def make(taken: tuple[Input, ...], options: Options, law: str, observations: str, works: str = "") -> Plan:
    """The plan for inputs: their shards in order, and the digests of the law, the observations, the user's tables and the works store."""
    pieces = [(each.number, number, piece) for each in taken for number, piece in enumerate(_pieces(each))]
    shards = tuple(Shard(f"{source:05d}-{number:05d}", source, piece, place) for place, (source, number, piece) in enumerate(pieces))
    return Plan(taken, shards, options, law, observations, tuple(_digest(Path(table)) for table in options.tables), works)


def schema_of(taken: Input) -> pa.Schema:
    """The columns of an input; one that cannot be read as a whole has an address column without an address."""
    return pa.schema([("url", pa.string())]) if taken.problem else datasets.formats()[taken.format].schema(Path(taken.path))


def _pieces(taken: Input) -> list[Piece]:
    """The shards of an input; one that cannot be read as a whole is a shard of one row."""
    return [Piece()] if taken.problem else datasets.formats()[taken.format].pieces(Path(taken.path))


def _files(path: Path) -> list[Path]:
    """The files of a data set: a pointer is followed, a folder of data files is one data set, any other folder is a folder of items."""
    if not path.exists():
        raise InputError(f"There is no {path}.", f"{path} は存在しません。")
    if path.is_dir():
        pointers = [file for file in sorted(path.iterdir()) if file.is_file() and datasets.format_of(file) == "croissant"]
        return _files(pointers[0]) if pointers else _below(path)
    name = datasets.format_of(path)
    if name is None:
        known = ", ".join(datasets.formats())
        raise InputError(
            f"{path} is no data set that Sekisho reads ({known}), judging by its name.",
            f"{path} は読み取れる形式（{known}）のデータではないようです。",
        )
    part = datasets.formats()[name]
    return part.points_to(path) if isinstance(part, datasets.Pointer) else [path]


def _below(path: Path) -> list[Path]:
    """The data files of a folder, or the folder itself when it holds none; a table beside a tar of its name lists the tar's own samples (img2dataset)."""
    found = [file for file in sorted(path.rglob("*")) if file.is_file() and datasets.format_of(file) not in {None, "croissant"}]
    tars = {file.with_suffix("") for file in found if file.suffix == ".tar"}
    return [file for file in found if file.suffix != ".parquet" or file.with_suffix("") not in tars] or [path]


def _digest(path: Path) -> str:
    if path.is_dir():
        listed = sorted((str(file.relative_to(path)), file.lstat().st_size, file.lstat().st_mtime_ns) for file in path.rglob("*"))
        return "listing:" + hashlib.sha256(repr(listed).encode()).hexdigest()
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size <= WHOLE_DIGEST_BYTES:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        ends = hashlib.sha256(str(size).encode() + stream.read(END_BYTES))
        stream.seek(-END_BYTES, 2)
        ends.update(stream.read(END_BYTES))
        return "ends:" + ends.hexdigest()
