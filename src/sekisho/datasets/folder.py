"""A folder of files: each file is an item, read in place in the order of its name; links are not followed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

from sekisho.datasets import CONTENT_BYTES, FILE_BATCH_ROWS, LOCATED, Batch, Piece
from sekisho.formats.media import Media, sniff
from sekisho.model import Observation, Source, Spec, Text

SPEC = Spec(
    name="folder",
    title=Text("Folder of files", "ファイルのフォルダー"),
    version="1",
    dated=date(2026, 11, 22),
    status="practice",
    address="",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Each file is an item without an address; it is read for the signals inside.",
        "各ファイルを所在のない対象データとし、内部の意思表示を読みます。",
    ),
    unsure=Text("", ""),
    sources=(),
)
PIECE_FILES = 10_000


def recognises(path: Path) -> bool:
    """Tell by its being a folder; folders of data files are data sets of their own and do not come here."""
    return path.is_dir()


def pieces(path: Path) -> list[Piece]:
    """Runs of ten thousand files."""
    count = len(_files(path))
    return [Piece(start, min(start + PIECE_FILES, count)) for start in range(0, count, PIECE_FILES)] or [Piece(0, 0)]


def schema(path: Path) -> pa.Schema:  # noqa: ARG001 - the interface
    """Where each file lies, what it is, and the SHA-256 of its bytes."""
    return LOCATED


def read(path: Path, piece: Piece) -> Iterator[Batch]:
    """The files of ``piece``; one that cannot be read stays as a row with the reason."""
    files = _files(path)[piece.start : piece.stop]
    for start in range(0, len(files), FILE_BATCH_ROWS):
        yield _batch(path, files[start : start + FILE_BATCH_ROWS], piece.start + start)


def _batch(root: Path, files: list[Path], first: int) -> Batch:
    rows, unreadable, contents = [], dict[int, str](), dict[int, Observation]()
    for position, file in enumerate(files):
        locator = _shown(file.relative_to(root))
        try:
            media, digest, body = _look(file)
        except OSError as error:
            rows.append({"locator": locator})
            unreadable[position] = f"unreadable file: {error.strerror}"
            continue
        rows.append({"locator": locator, "media": media.type, "digest": digest})
        if body is not None:
            contents[position] = Observation(locator, media.source or Source.HEADERS, body)
    return Batch(first, pa.Table.from_pylist(rows, schema=LOCATED), unreadable, contents)


def _look(file: Path) -> tuple[Media, str, bytes | None]:
    if file.is_symlink():
        raise OSError(0, "a link, not followed")
    with file.open("rb") as stream:
        body = stream.read(CONTENT_BYTES + 1)
        whole = hashlib.sha256(body)
        while block := stream.read(1 << 20):
            whole.update(block)
    return sniff(body, file.name), whole.hexdigest(), body if len(body) <= CONTENT_BYTES else None


def _files(path: Path) -> list[Path]:
    """Every file below ``path`` in the order of their names; hidden ones are somebody's tools, not items."""
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder, name) for name in names if not name.startswith(".")]
    return sorted(found)


def _shown(path: Path) -> str:
    """The path as text; names that are not UTF-8 are read as Shift_JIS, else their odd bytes are escaped."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")
