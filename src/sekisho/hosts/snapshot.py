"""The host table kept from run to run: compiled once for each set of observations, then mapped into memory, read-only, by every process.

A snapshot is a folder under the user's cache folder, named by the digest of all that it was compiled from: the files of observations, the
question, and the very code. It is written beside its place and renamed, so that it is whole or not there; where nothing can be written the
table is compiled in memory instead.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho import signals
from sekisho.hosts import citing
from sekisho.hosts.building import HostTable, build
from sekisho.hosts.files import Saying
from sekisho.hosts.loading import load
from sekisho.hosts.recorded import Recorded
from sekisho.hosts.sites import Lists
from sekisho.kernels.locations import HostArrays
from sekisho.model import Ask, Axis, Source
from sekisho.observe import records

MOST_KEPT = 8
"""How many snapshots stay; the one unused for longest goes first."""
WORTH_KEEPING = 10_000
"""With fewer observations compiling is as quick as opening."""
SAYINGS = pa.schema(
    [
        ("source", pa.string()),
        ("status", pa.int32()),
        ("failed", pa.bool_()),
        ("empty", pa.bool_()),
        ("shape", pa.binary()),
        ("compiled", pa.bool_()),
        ("programs", pa.int32()),
    ]
)


class Sources(NamedTuple):
    """What a host table is compiled from, and for which question."""

    paths: tuple[Path, ...]
    archives: tuple[Path, ...]
    """WARC inputs: of these only what speaks for a whole authority counts."""
    ask: Ask
    on: date
    hindsight: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 over the octets of every file, the question, and the code that reads and compiles."""
        files = [[_digest(file) for path in self.paths for file in records.files_of(path)], [_digest(path) for path in self.archives]]
        question = [repr(self.ask), self.on.isoformat(), self.hindsight]
        return hashlib.sha256(json.dumps([files, question, _code()]).encode()).hexdigest()


class Known(NamedTuple):
    """Everything observed, and its host table."""

    seen: Recorded
    table: HostTable


def opened(sources: Sources, folder: Path | None = None, *, worth: int = WORTH_KEEPING) -> Known:
    """The host table of ``sources`` from its snapshot in ``folder`` (the user's cache folder), which is made of ``worth`` observations and more.

    Raises InputError for a path that holds no observations.
    """
    return _known((folder or cache_folder()) / sources.digest, sources, worth)


@lru_cache(maxsize=1)
def _known(place: Path, sources: Sources, worth: int) -> Known:
    found = _opened(place)
    if found is None:
        shutil.rmtree(place, ignore_errors=True)
        found = _compiled(sources)
        if len(found.seen) >= worth:
            with contextlib.suppress(OSError):
                _keep(found, place)
            return _opened(place) or found
    return found


def spoken(sources: Sources, seen: Recorded, axis: Axis, folder: Path | None = None) -> pa.ListArray:
    """What ``citing.spoken`` says of the observations of ``sources``, kept beside their snapshot where there is one."""
    place = (folder or cache_folder()) / sources.digest / f"spoken-{axis.value}.arrow"
    with contextlib.suppress(OSError, pa.ArrowException):
        return _arrow(place).column("spoke").combine_chunks()
    found = citing.spoken(seen, sources.ask, axis)
    with contextlib.suppress(OSError):
        temporary = place.with_name(f".{os.getpid()}-{place.name}")
        _write_arrow(temporary, pa.table({"spoke": found}))
        temporary.replace(place)
    return found


def cache_folder() -> Path:
    """Where snapshots lie."""
    home = Path.home()
    usual = {"darwin": home / "Library" / "Caches", "win32": Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")}
    return Path(os.environ.get("XDG_CACHE_HOME") or usual.get(sys.platform, home / ".cache")) / "sekisho" / "hosts"


def _compiled(sources: Sources) -> Known:
    seen = load(sources.paths, sources.ask, sources.archives)
    return Known(seen, build(seen, sources.ask, sources.on, hindsight=sources.hindsight))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def _code() -> list[tuple[str, int, int]]:
    """The files of this package, and the readers that plug-ins brought, by size and time of change."""
    own = sorted(path for path in Path(__file__).parents[1].rglob("*") if path.suffix in {".py", ".toml", ".so", ".dll", ".dylib"})
    return [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in own] + [
        (name, 0, 0) for name in sorted(signals.readers())
    ]


def _keep(known: Known, place: Path) -> None:
    """Write a snapshot; another process may have been faster, its own is as good."""
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".part-", dir=place.parent))
    try:
        _write(known, temporary)
        temporary.rename(place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for old in sorted(place.parent.glob("[0-9a-f]*"), key=lambda path: path.stat().st_mtime)[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _write(known: Known, folder: Path) -> None:
    seen, table = known
    roots = Lists(
        np.cumsum([0, *map(len, table.roots)], dtype=np.int64), np.array([each for root in table.roots for each in root], np.int64)
    )
    arrays = table.arrays._asdict() | {"root_starts": roots.starts, "root_values": roots.values}
    arrays |= {"record_starts": table.records.starts, "record_values": table.records.values}
    for name, array in (arrays | {"answer_hashes": table.answer_hashes, "answer_records": table.answer_records}).items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    said = [each._asdict() | {"source": each.source.value} for each in table.sayings]
    _write_arrow(folder / "sayings.arrow", pa.Table.from_pylist(said, SAYINGS))
    _write_arrow(folder / "records.arrow", seen.table.combine_chunks())
    _write_arrow(folder / "bodies.arrow", pa.table({"body": seen.bodies}))
    (folder / "seen.json").write_text(json.dumps({"problems": seen.problems}), "utf-8")


def _write_arrow(path: Path, table: pa.Table) -> None:
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def _opened(folder: Path) -> Known | None:
    """The snapshot in ``folder``; None when there is none, or it cannot be read."""
    try:
        os.utime(folder)
        problems = json.loads((folder / "seen.json").read_text("utf-8"))["problems"]
        bodies = _arrow(folder / "bodies.arrow").column("body").combine_chunks()
        return Known(Recorded(_arrow(folder / "records.arrow"), bodies, problems), _table(folder))
    except (OSError, EOFError, ValueError, KeyError, pa.ArrowException):
        return None


def _table(folder: Path) -> HostTable:
    roots = Lists(_array(folder, "root_starts"), _array(folder, "root_values"))
    said = [Saying(Source(row["source"]), *list(row.values())[1:]) for row in _arrow(folder / "sayings.arrow").to_pylist()]
    return HostTable(
        HostArrays(*(_array(folder, name) for name in HostArrays._fields)),
        [tuple(roots.at(place).tolist()) for place in range(len(roots.starts) - 1)],
        said,
        Lists(_array(folder, "record_starts"), _array(folder, "record_values")),
        _array(folder, "answer_hashes"),
        _array(folder, "answer_records"),
    )


def _array(folder: Path, name: str) -> NDArray[Any]:
    path = folder / f"{name}.npy"
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:  # an empty array cannot be mapped
        return np.asarray(np.load(path, allow_pickle=False))


def _arrow(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
