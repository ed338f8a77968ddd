"""Croissant JSON-LD: no rows of its own, but a pointer to the files of a data set that lie beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from sekisho.datasets import Batch, Piece
from sekisho.errors import InputError
from sekisho.model import Spec, Text

SPEC = Spec(
    name="croissant",
    title=Text("Croissant", "Croissant"),
    version="1.1",
    dated=date(2026, 1, 29),
    status="standard",
    address="https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Points to the files of its distribution that lie in its own folder; anything elsewhere is refused.",
        "同じフォルダー内にある distribution のファイルを指します。それ以外の場所は受け付けません。",
    ),
    unsure=Text("Files reached only by address are not fetched.", "アドレスでしか得られないファイルは取得しません。"),
    sources=(),
)
HEAD_BYTES = 16 << 20


def recognises(path: Path) -> bool:
    """Tell by the name ``croissant.json``, or ``*.croissant.json``, or ``metadata.json`` that speaks of Croissant."""
    name = path.name.lower()
    if name == "croissant.json" or name.endswith((".croissant.json", "-croissant.json")):
        return True
    return name == "metadata.json" and path.is_file() and b"mlcommons.org/croissant" in path.read_bytes()[:65_536]


def points_to(path: Path) -> list[Path]:
    """The files of the distribution; raises InputError for one that lies outside, is missing, or is to be had from the network only."""
    try:
        table = json.loads(path.read_bytes()[:HEAD_BYTES])
        entries = [entry for entry in _listed(table["distribution"]) if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path} is not readable as Croissant ({error}).", f"{path} は Croissant として読めません（{error}）。") from error
    checkouts = {str(name) for entry in entries if _is_repository(entry) for name in (entry.get("@id"), entry.get("name")) if name}
    found = [file for entry in entries if not _is_repository(entry) for file in _files(path, entry, checkouts)]
    if not found:
        raise InputError(f"{path} names no file of a data set.", f"{path} はデータのファイルを一つも指していません。")
    return list(dict.fromkeys(found))


def _is_repository(entry: dict[str, Any]) -> bool:
    """Whether an entry stands for a git repository, as hubs of data sets write it: its checkout is the folder where the pointer lies."""
    return str(entry.get("encodingFormat", "")).startswith("git+")


def _files(path: Path, entry: dict[str, Any], checkouts: set[str]) -> Iterator[Path]:
    """The files of one FileObject or FileSet; those that lie in an archive are named by the archive."""
    if not checkouts.issuperset(_containers(entry)):
        return
    if "FileSet" not in str(entry.get("@type", "")):
        yield _beside(path, str(entry.get("contentUrl", "")))
        return
    patterns = [str(name) for name in _listed(entry.get("includes"))]
    root = path.parent.resolve()
    below = (file for file in sorted(path.parent.rglob("*")) if file.is_file() and file.resolve().is_relative_to(root))
    yield from (file for file in below if any(fnmatch(file.relative_to(path.parent).as_posix(), pattern) for pattern in patterns))


def _containers(entry: dict[str, Any]) -> Iterator[str]:
    """The names of what an entry is contained in, written as a word, as a reference, or as a list of them."""
    for container in _listed(entry.get("containedIn")):
        yield str(container.get("@id", "") if isinstance(container, dict) else container)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _beside(path: Path, name: str) -> Path:
    place = PurePosixPath(name)
    if not name or "://" in name or place.is_absolute() or ".." in place.parts or "\\" in name:
        raise InputError(
            f"{path} points to {name or 'nothing'}, which is not in its folder. Download it beside the file and name it there.",
            f"{path} は同じフォルダーにない {name or '（空）'} を指しています。隣にダウンロードし、その名前を記してください。",
        )
    found = path.parent / place
    if not found.is_file() or not found.resolve().is_relative_to(path.parent.resolve()):
        raise InputError(f"{path} points to {name}, which is not there.", f"{path} の指す {name} がありません。")
    return found


def pieces(path: Path) -> list[Piece]:
    """Raise InputError: a pointer is followed, never worked off."""
    raise InputError(f"{path} points to files; they are read instead of it.", f"{path} は他のファイルを指すだけです。")


def schema(path: Path) -> pa.Schema:  # noqa: ARG001 - the interface
    """No columns."""
    return pa.schema([])


def read(path: Path, piece: Piece) -> Iterator[Batch]:  # noqa: ARG001 - the interface
    """No rows."""
    return iter(())
