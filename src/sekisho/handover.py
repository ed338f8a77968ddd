"""What people hand on from a run: the keys that may be used, the ids to remove, the credit lines that are owed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sekisho import datasets, registry
from sekisho.errors import InputError

KEY_COLUMNS = ("key", "__key__", "uid", "sample_id", "image_id", "id")
CREDIT_COLUMNS = {
    "title": ("title", "work_title", "name", "caption", "text_title"),
    "creator": ("creator", "author", "artist", "photographer", "attribution", "credit"),
    "licence": ("license", "licence", "license_url", "license_name", "rights"),
}
CREDITS = "credits.csv", "credits.md"
OWED = "attribution"
BREAKS = re.compile(r"[\n\r]")
KEYS_AT_ONCE = 20_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet calculate: such a cell of the table of credits is quoted."""
MARKS = {**{ord(mark): f"\\{mark}" for mark in "\\`*_{}[]()#+-!|"}, ord("<"): "&lt;", ord(">"): "&gt;", ord("&"): "&amp;"}
"""What means something in Markdown, or in the HTML that it lets through, and how it is taken literally."""
IN_THE_PAGE = 1_000
"""How many credit lines the readable page shows; the table has them all."""


class Handed(NamedTuple):
    """How many lines were written, and how many kept rows were not: their key also stands for a row left out, or holds a line break."""

    written: int
    withheld: int = 0


def keys(out: Path, target: Path, url_column: str | None = None) -> Handed:
    """Write the keys of kept rows, or their URLs where the data has no keys, one a line (``.parquet``: one column).

    A key says nothing of which of its rows is meant: one that also stands for a row left out is withheld.
    """
    kept, left_out = ([_keys(path, url_column) for path in _files(out, side)] for side in ("kept", "left_out"))
    disputed = _in_both(kept, left_out)
    withheld = 0

    def sure() -> Iterator[pa.Array]:
        nonlocal withheld
        for column in _columns(kept):
            good = pa.array([hash(key) not in disputed and not BREAKS.search(key) for key in column.to_pylist()], pa.bool_())
            withheld += len(column) - (good.true_count or 0)
            yield column.filter(good)

    return Handed(_write(sure(), target), withheld)


def removals(out: Path, target: Path) -> Handed:
    """Write the ids of rows left out, one a line."""
    return Handed(_write(_columns([_Column(path, "sekisho_id") for path in _files(out, "left_out")]), target))


def _files(out: Path, side: str) -> list[Path]:
    return sorted((out / side).glob("*.parquet"))


class _Column(NamedTuple):
    """One column of a file, read again as often as it is asked for."""

    path: Path
    name: str

    def __iter__(self) -> Iterator[pa.Array]:
        return (datasets.column(batch, self.name) for batch in pq.ParquetFile(self.path).iter_batches(columns=[self.name]))


def _keys(path: Path, url_column: str | None) -> _Column:
    schema = pq.read_schema(path)
    lower = {name.lower(): name for name in reversed(schema.names)}
    found = next((lower[name] for name in KEY_COLUMNS if name in lower), None)
    return _Column(path, found or datasets.url_column(schema, url_column))


def _in_both(kept: Iterable[_Column], left_out: Iterable[_Column]) -> set[int]:
    """The hashes of keys on both sides, found a part of all hashes at a time, so that memory does not grow with the rows."""
    rows = sum(pq.read_metadata(column.path).num_rows for column in left_out)
    parts = 1 + rows // KEYS_AT_ONCE
    found = set[int]()
    for part in range(parts):
        refused = np.unique(np.concatenate([np.empty(0, np.int64), *(_hashes(values, part, parts) for values in _columns(left_out))]))
        for values in _columns(kept):
            found.update(np.intersect1d(_hashes(values, part, parts), refused).tolist())
    return found


def _hashes(column: pa.Array, part: int, parts: int) -> NDArray[np.int64]:
    hashes = np.fromiter(map(hash, column.to_pylist()), np.int64, len(column))
    return hashes[hashes % parts == part] if parts > 1 else hashes


def _write(columns: Iterable[pa.Array], target: Path) -> int:
    count = 0
    temporary = target.with_name(f".{target.name}.part")
    try:
        if target.suffix == ".parquet":
            with pq.ParquetWriter(temporary, pa.schema([("key", pa.string())])) as writer:
                for column in columns:
                    writer.write_table(pa.table({"key": column}))
                    count += len(column)
        else:
            with temporary.open("w", encoding="utf-8", newline="\n") as stream:
                for column in columns:
                    stream.writelines(f"{key}\n" for key in column.to_pylist())
                    count += len(column)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"{target} cannot be written: {error.strerror}.", f"{target} に書き込めません：{error.strerror}。") from error
    return count


def _columns(files: Iterable[Iterable[pa.Array]]) -> Iterator[pa.Array]:
    """The values of every column as text, nulls left away."""
    return (values.cast(pa.string()).drop_null() for file in files for values in file)


def credit_lines(out: Path, cases: pa.Table) -> int:
    """Write ``credits.csv`` and ``credits.md`` for kept rows that may be used on condition of attribution; gives back how many there are."""
    owing = pa.array([row["case"] for row in cases.select(["case", "conditions"]).to_pylist() if OWED in row["conditions"]], pa.string())
    if not len(owing):
        return 0
    count, works = 0, _credited(out)
    table, page = (out / name for name in CREDITS)
    with table.open("w", encoding="utf-8", newline="") as rows, page.open("w", encoding="utf-8") as readable:
        writer = csv.writer(rows)
        writer.writerow(["sekisho_id", "title", "creator", "licence", "url"])
        readable.write("# Credits / クレジット\n\n")
        for line in (line for path in _files(out, "kept") for line in _owed(path, owing, works)):
            writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in line])
            count += 1
            if count <= IN_THE_PAGE:
                readable.write(f"- {_sentence(line)}\n")
        if count > IN_THE_PAGE:
            readable.write(f"\n… {count - IN_THE_PAGE} more in {CREDITS[0]} / ほか {count - IN_THE_PAGE} 件は {CREDITS[0]} に\n")
    return count


def _owed(path: Path, owing: pa.Array, works: Mapping[str, tuple[str, str]]) -> Iterator[list[str]]:
    """The credit lines of one file: of the registered works in a row whose holders ask for one, else of the row itself."""
    file = pq.ParquetFile(path)
    lower = {name.lower(): name for name in reversed(file.schema_arrow.names)}
    names = [next((lower[name] for name in known if name in lower), None) for known in (*CREDIT_COLUMNS.values(), datasets.URL_COLUMNS)]
    for batch in file.iter_batches():
        found = batch.filter(pc.is_in(batch.column("sekisho_case"), owing))
        cells = [found.column(name).cast(pa.string()).to_pylist() if name else [None] * len(found) for name in ("sekisho_id", *names)]
        for matched, row in zip(found.column("sekisho_works").to_pylist(), zip(*cells, strict=True), strict=True):
            line = [cell or "" for cell in row]
            credited = [works[work] for work in matched or () if work in works]
            yield from ([line[0], title, holder, "", line[-1]] for title, holder in credited)
            if not credited:
                yield line


def _credited(out: Path) -> dict[str, tuple[str, str]]:
    """Title and holder of each registered work in the run that may be used if its holder is named."""
    path = out / registry.FILE
    rows = pq.read_table(path, filters=[("terms", "==", "credit")]).to_pylist() if path.exists() else []
    return {row["work"]: (row["title"] or row["work"], row["holder"]) for row in rows}


def _sentence(line: list[str]) -> str:
    """The usual form of a credit: title, creator, licence, source; marks that mean something in Markdown are taken literally."""
    plain = (" ".join("".join(char if char.isprintable() else " " for char in cell).split()) for cell in line)
    _, title, creator, licence, url = (cell.translate(MARKS) for cell in plain)
    return ", ".join(part for part in (title or url, creator, licence, url if title else "") if part)
