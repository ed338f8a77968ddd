"""What people hand on from a run: the keys that may be used, the ids to remove, the credit lines that are owed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sekisho import datasets
from sekisho.errors import InputError

KEY_COLUMNS = ("key", "__key__", "uid", "sample_id", "image_id", "id")
CREDIT_COLUMNS = {
    "title": ("title", "work_title", "name", "caption", "text_title"),
    "creator": ("creator", "author", "artist", "photographer", "attribution", "credit"),
    "licence": ("license", "licence", "license_url", "license_name", "rights"),
}
CREDITS = "credits.csv", "credits.md"
OWED = "attribution"
IN_THE_PAGE = 1_000
"""How many credit lines the readable page shows; the table has them all."""


def keys(out: Path, target: Path, url_column: str | None = None) -> int:
    """Write the keys of kept rows, or their URLs where the data has no keys, one a line (``.parquet``: one column); gives back how many."""
    columns = (_keys(path, url_column) for path in _files(out, "kept"))
    return _write(columns, target)


def removals(out: Path, target: Path) -> int:
    """Write the ids of rows left out, one a line; gives back how many."""
    return _write((pq.ParquetFile(path).iter_batches(columns=["sekisho_id"]) for path in _files(out, "left_out")), target)


def _files(out: Path, side: str) -> list[Path]:
    return sorted((out / side).glob("*.parquet"))


def _keys(path: Path, url_column: str | None) -> Iterator[pa.RecordBatch]:
    file = pq.ParquetFile(path)
    lower = {name.lower(): name for name in reversed(file.schema_arrow.names)}
    found = next((lower[name] for name in KEY_COLUMNS if name in lower), None)
    yield from file.iter_batches(columns=[found or datasets.url_column(file.schema_arrow, url_column)])


def _write(files: Iterable[Iterable[pa.RecordBatch]], target: Path) -> int:
    count = 0
    temporary = target.with_name(f".{target.name}.part")
    try:
        if target.suffix == ".parquet":
            with pq.ParquetWriter(temporary, pa.schema([("key", pa.string())])) as writer:
                for column in _columns(files):
                    writer.write_table(pa.table({"key": column}))
                    count += len(column)
        else:
            with temporary.open("w", encoding="utf-8", newline="\n") as stream:
                for column in _columns(files):
                    stream.writelines(f"{key}\n" for key in column.to_pylist())
                    count += len(column)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"{target} cannot be written: {error.strerror}.", f"{target} に書き込めません：{error.strerror}。") from error
    temporary.replace(target)
    return count


def _columns(files: Iterable[Iterable[pa.RecordBatch]]) -> Iterator[pa.Array]:
    """The single column of every batch as text, nulls left away."""
    return (batch.column(0).cast(pa.string()).drop_null() for file in files for batch in file)


def credit_lines(out: Path, cases: pa.Table) -> int:
    """Write ``credits.csv`` and ``credits.md`` for kept rows that may be used on condition of attribution; gives back how many there are."""
    owing = pa.array([row["case"] for row in cases.select(["case", "conditions"]).to_pylist() if OWED in row["conditions"]], pa.string())
    if not len(owing):
        return 0
    count = 0
    table, page = (out / name for name in CREDITS)
    with table.open("w", encoding="utf-8", newline="") as rows, page.open("w", encoding="utf-8") as readable:
        writer = csv.writer(rows)
        writer.writerow(["sekisho_id", "title", "creator", "licence", "url"])
        readable.write("# Credits / クレジット\n\n")
        for line in (line for path in _files(out, "kept") for line in _owed(path, owing)):
            writer.writerow(line)
            count += 1
            if count <= IN_THE_PAGE:
                readable.write(f"- {_sentence(line)}\n")
        if count > IN_THE_PAGE:
            readable.write(f"\n… {count - IN_THE_PAGE} more in {CREDITS[0]} / ほか {count - IN_THE_PAGE} 件は {CREDITS[0]} に\n")
    return count


def _owed(path: Path, owing: pa.Array) -> Iterator[list[str]]:
    file = pq.ParquetFile(path)
    lower = {name.lower(): name for name in reversed(file.schema_arrow.names)}
    names = [next((lower[name] for name in known if name in lower), None) for known in (*CREDIT_COLUMNS.values(), datasets.URL_COLUMNS)]
    for batch in file.iter_batches():
        found = batch.filter(pc.is_in(batch.column("sekisho_case"), owing))
        cells = [found.column(name).cast(pa.string()).to_pylist() if name else [None] * len(found) for name in ("sekisho_id", *names)]
        yield from ([cell or "" for cell in row] for row in zip(*cells, strict=True))


def _sentence(line: list[str]) -> str:
    """The usual form of a credit: title, creator, licence, source; marks that mean something in Markdown are taken literally."""
    _, title, creator, licence, url = ("".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-!|" else char for char in cell) for cell in line)
    return ", ".join(part for part in (title or url, creator, licence, url if title else "") if part)
