"""WebDataset tar, as img2dataset writes it: members that share a key are one sample; the JSON beside a picture holds its URL."""

from __future__ import annotations

import hashlib
import json
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, NamedTuple, Self, cast

import pyarrow as pa

from sekisho.datasets import CONTENT_BYTES, LOCATED, Batch, Found, Piece, batched
from sekisho.formats.media import sniff
from sekisho.formats.names import as_text
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
BROKEN = (tarfile.TarError, OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, pa.ArrowException)


class Member(NamedTuple):
    """A member of a tar: its name and its bytes, unless they are too many to be read."""

    name: str
    body: bytes | None


@dataclass
class Sample:
    """The members that share a key, as far as they are needed: the first file, and the JSON beside it."""

    key: str
    file: Member | None = None
    told: Member | None = None


class Header(tarfile.TarInfo):
    """A header that says when it is none: the standard library takes anything but a header for the end, and reads names of any length."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """The header in ``buf``; raises HeaderError at the end mark, ReadError where there should be a header or mark and is none."""
        if not buf:
            raise tarfile.ReadError("no end mark")
        try:
            found = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if not any(buf):
                raise
            raise tarfile.ReadError(str(error)) from error
        if not found.isreg() and found.size > SIDE_BYTES:
            raise tarfile.ReadError("a header longer than 1 MiB")
        return found


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
    return batched(_items(path), SCHEMA)


def _items(path: Path) -> Iterator[Found]:
    """One item a sample; links, folders and devices are none, and say so."""
    sample: Sample | None = None
    size, key = path.stat().st_size or 1, ""
    try:
        with path.open("rb") as raw, tarfile.open(fileobj=_unpacked(raw, path), mode="r|*", tarinfo=Header) as tar:
            for member in tar:
                key, suffix = _split(_text(member.name))
                if sample and (sample.key != key or not member.isfile()):
                    yield _item(sample, raw.tell() / size)
                    sample = None
                if member.isfile():
                    sample = sample or Sample(key)
                    _take(sample, suffix, member, tar)
                elif not member.isdir():
                    yield Found({"key": key, "locator": _text(member.name)}, None, "not a file but a link or device")
    except BROKEN as error:
        if sample:
            yield _item(sample, 1)
        yield Found({"key": key}, None, f"the tar breaks off after {key or 'its beginning'}: {error}", 1)
        return
    if sample:
        yield _item(sample, 1)


def _unpacked(raw: IO[bytes], path: Path) -> IO[bytes]:
    """The stream as the standard library reads it: what it cannot unpack is unpacked here."""
    return cast("IO[bytes]", pa.CompressedInputStream(pa.PythonFile(raw), "zstd")) if path.suffix.lower() == ".zst" else raw


def _take(sample: Sample, suffix: str, member: tarfile.TarInfo, tar: tarfile.TarFile) -> None:
    """Take up a member that matters; of several files the first is the item."""
    if suffix == "json" and sample.told is None:
        sample.told = _member(member, tar, SIDE_BYTES)
    elif suffix not in SIDE and sample.file is None:
        sample.file = _member(member, tar, CONTENT_BYTES)


def _member(member: tarfile.TarInfo, tar: tarfile.TarFile, limit: int) -> Member:
    stream = tar.extractfile(member) if member.size <= limit else None
    return Member(_text(member.name), stream.read() if stream else None)


def _text(name: str) -> str:
    """A member's name as text; bytes that are no UTF-8 are read as Shift_JIS, else escaped."""
    return as_text(name.encode("utf-8", "surrogateescape"))


def _split(name: str) -> tuple[str, str]:
    """Key and suffix: everything up to the first dot of the last part, and the rest (WebDataset's convention)."""
    folder, slash, base = name.rpartition("/")
    stem, _, suffix = base.partition(".")
    return f"{folder}{slash}{stem}", suffix.lower()


def _item(sample: Sample, share: float) -> Found:
    """One sample: what its JSON says, and its file; a sample without a file points to nothing that could be read."""
    told, problem = _told(sample.told)
    row: dict[str, Any] = {"key": sample.key, "url": told.get("url"), **{name: told.get(name) for name in TOLD}}
    name, body = sample.file or (sample.key, None)
    if body is None:
        return Found(row | {"locator": name}, None, problem, share)
    media = sniff(body, name)
    row |= {"locator": name, "media": media.type, "digest": hashlib.sha256(body).hexdigest()}
    return Found(row, Observation(told.get("url") or name, media.source or Source.HEADERS, body), problem, share)


def _told(member: Member | None) -> tuple[dict[str, str], str]:
    """What the sample's JSON says, as text, and the reason when it cannot be read."""
    if member is None:
        return {}, ""
    if member.body is None:
        return {}, f"{member.name}: longer than 1 MiB"
    try:
        value = json.loads(member.body)
    except (ValueError, RecursionError) as error:
        return {}, f"{member.name}: {error}"
    if not isinstance(value, dict):
        return {}, f"{member.name}: not a JSON object"
    aliases = {"licence": "license", "alt": "caption"}
    plain = {
        aliases.get(str(k).lower(), str(k).lower()): str(v)
        for k, v in value.items()
        if isinstance(v, str | int | float) and not isinstance(v, bool)
    }
    return {name: text.encode("utf-8", "replace").decode() for name, text in plain.items()}, ""
