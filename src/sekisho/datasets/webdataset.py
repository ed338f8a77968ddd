"""WebDataset tar, as img2dataset writes it: members that share a key are one sample; the JSON beside a picture holds its URL."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from sekisho.datasets import CONTENT_BYTES, FILE_BATCH_ROWS, LOCATED, Batch, Piece
from sekisho.formats.media import sniff
from sekisho.model import Observation, Source, Spec, Text

SPEC = Spec(
    name="webdataset",
    title=Text("WebDataset tar", "WebDataset（tar）"),
    version="img2dataset 1.47",
    dated=date(2025, 1, 1),
    status="practice",
    address="https://github.com/webdataset/webdataset",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "Members with one key are one item; url, licence and dates come from its JSON, signals from its file.",
        "同じキーの要素を一つの対象データとし、URL・ライセンス・日付は JSON から、意思表示はファイルから読みます。",
    ),
    unsure=Text("", ""),
    sources=(),
)
SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.bz2")
TOLD = ("caption", "license", "author", "death_year", "first_publication", "date")
SCHEMA = pa.schema([("key", pa.string()), *LOCATED, *((name, pa.string()) for name in TOLD)])
SIDE_BYTES = 1 << 20
SIDE = ("json", "txt", "cls", "caption")

Sample = dict[str, tuple[str, bytes | None, int]]
"""Suffix → (member name, bytes unless too large, size) of one sample."""


def recognises(path: Path) -> bool:
    """Tell by the suffix, compressed or not."""
    return path.name.lower().endswith(SUFFIXES)


def pieces(path: Path) -> list[Piece]:  # noqa: ARG001 - the interface: a tar cannot be cut without reading
    """The file as one shard."""
    return [Piece()]


def schema(path: Path) -> pa.Schema:  # noqa: ARG001 - the interface
    """Key, address, member name, media type and SHA-256 of each sample's file, and what its JSON says of licence and dates."""
    return SCHEMA


def read(path: Path, piece: Piece) -> Iterator[Batch]:  # noqa: ARG001 - the interface: a tar is one piece
    """The samples in order; nothing is extracted, so names with tricks in them stay names. Where the tar breaks off, a last row says so."""
    first, rows = 0, list[tuple[dict[str, Any], Observation | None, str]]()
    for row in _rows(path):
        rows.append(row)
        if len(rows) == FILE_BATCH_ROWS:
            yield _batch(first, rows)
            first, rows = first + len(rows), []
    if rows:
        yield _batch(first, rows)


def _batch(first: int, rows: list[tuple[dict[str, Any], Observation | None, str]]) -> Batch:
    table = pa.Table.from_pylist([row for row, _, _ in rows], schema=SCHEMA)
    unreadable = {position: reason for position, (_, _, reason) in enumerate(rows) if reason}
    return Batch(first, table, unreadable, {position: content for position, (_, content, _) in enumerate(rows) if content})


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], Observation | None, str]]:
    key, sample = "", Sample()
    try:
        with tarfile.open(path, "r|*") as tar:
            for member in tar:
                found, suffix = _split(member.name)
                if sample and (found != key or not member.isfile()):
                    yield _row(key, sample)
                    sample = Sample()
                key = found
                if member.isfile():
                    sample[suffix] = (member.name, _bytes(tar.extractfile(member), member.size, suffix), member.size)
                else:
                    yield {"key": key, "locator": member.name}, None, "not a file but a link, folder or device"
    except (tarfile.TarError, OSError, EOFError) as error:
        if sample:
            yield _row(key, sample)
        yield {"key": key}, None, f"the tar breaks off after {key or 'its beginning'}: {error}"
        return
    if sample:
        yield _row(key, sample)


def _split(name: str) -> tuple[str, str]:
    """Key and suffix: everything up to the first dot of the last part, and the rest (WebDataset's convention)."""
    folder, slash, base = name.rpartition("/")
    stem, _, suffix = base.partition(".")
    return f"{folder}{slash}{stem}", suffix.lower()


def _bytes(stream: IO[bytes] | None, size: int, suffix: str) -> bytes | None:
    limit = SIDE_BYTES if suffix in SIDE else CONTENT_BYTES
    return stream.read() if stream is not None and size <= limit else None


def _row(key: str, sample: Sample) -> tuple[dict[str, Any], Observation | None, str]:
    """One sample: what its JSON says, and its file; a sample without a file points to nothing that could be read."""
    told, reason = _told(sample.get("json"))
    row: dict[str, Any] = {"key": key, "url": told.get("url"), **{name: told.get(name) for name in TOLD}}
    suffix = next((name for name in sample if name not in SIDE), None)
    if suffix is None:
        return row | {"locator": key}, None, reason
    name, body, _ = sample[suffix]
    if body is None:
        return row | {"locator": name}, None, reason
    media = sniff(body, name)
    row |= {"locator": name, "media": media.type, "digest": hashlib.sha256(body).hexdigest()}
    return row, Observation(told.get("url") or name, media.source or Source.HEADERS, body), reason


def _told(member: tuple[str, bytes | None, int] | None) -> tuple[dict[str, str], str]:
    """What the sample's JSON says, as text, and the reason when it cannot be read."""
    if member is None:
        return {}, ""
    try:
        value = json.loads(member[1] or b"")
    except (ValueError, RecursionError) as error:
        return {}, f"{member[0]}: {error}"
    if not isinstance(value, dict):
        return {}, f"{member[0]}: not a JSON object"
    aliases = {"licence": "license", "alt": "caption"}
    plain = {
        aliases.get(str(k).lower(), str(k).lower()): str(v)
        for k, v in value.items()
        if isinstance(v, str | int | float) and not isinstance(v, bool)
    }
    return {name: text.encode("utf-8", "replace").decode() for name, text in plain.items()}, ""
