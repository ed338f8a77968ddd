"""A folder of files: each file is an item, read in place in the order of its name; links are not followed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

from sekisho.datasets import CONTENT_BYTES, LOCATED, Batch, Found, Piece, batched
from sekisho.formats.media import Media, sniff
from sekisho.formats.names import as_text
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
    items = (_item(path, file, number / len(files)) for number, file in enumerate(files, 1))
    return batched(items, LOCATED, piece.start)


def _item(root: Path, file: Path, share: float) -> Found:
    locator = as_text(os.fsencode(file.relative_to(root)))
    try:
        media, digest, body = _look(file)
    except OSError as error:
        return Found({"locator": locator}, None, f"unreadable file: {error.strerror}", share)
    content = None if body is None else Observation(locator, media.source or Source.HEADERS, body)
    return Found({"locator": locator, "media": media.type, "digest": digest}, content, "", share)


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
