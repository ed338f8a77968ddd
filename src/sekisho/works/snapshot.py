"""A signed file of exported fingerprints and terms: a lab matches with it on its own machines, and a newer one tells who changed their mind.

It is a ZIP of a manifest, its Ed25519 signature (RFC 8032), works with everything declared for them, and fingerprints. No private tier, no path and no
text is in it. The signature covers the manifest, which names the digest of every other member.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, insert, select

from sekisho.errors import InputError, UsageError
from sekisho.works import catalogue, records, schema
from sekisho.works.store import Store
from sekisho.works.values import Declared, Identity, RightsHolder, Terms, TermsKind, Work

FORMAT = 1
MANIFEST, SIGNATURE, WORKS, FINGERPRINTS = "manifest.json", "manifest.sig", "works.jsonl", "fingerprints.parquet"
LARGEST = 8 << 30
COLUMNS = pa.schema([("file", pa.int64()), ("work", pa.string()), ("page", pa.int32()), ("media", pa.string()), ("digest", pa.binary()),
                     ("iscc", pa.string()), ("part", pa.string()), ("exported", pa.binary())])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a verified snapshot says of itself, and its works with all declarations."""

    path: Path
    store: str
    made: datetime
    signer: str
    """The public key, in hex."""
    works: dict[str, tuple[Work, tuple[Declared, ...]]]


@dataclass(frozen=True, slots=True)
class Change:
    """A work whose terms are others than before; None where it was or is not there."""

    work: str
    title: str
    before: Terms | None
    after: Terms | None
    on: date | None


def new_key(path: Path) -> str:
    """Write a new private key that only its owner can read; gives back the public key in hex. Raises FileExistsError."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    return key.public_key().public_bytes_raw().hex()


def load_key(path: Path) -> Ed25519PrivateKey:
    """The private key in ``path``; raises InputError for anything else."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise InputError(f"{path} is no private key: {error}.", f"{path} は秘密鍵ではありません：{error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path} is no Ed25519 key.", f"{path} は Ed25519 の鍵ではありません。")
    return key


def write(store: Store, target: Path, key: Ed25519PrivateKey) -> Snapshot:
    """Write the snapshot of ``store`` into ``target``, in place of what was there; raises OSError when it cannot."""
    with store.read() as connection:
        members = {WORKS: works_member(connection), FINGERPRINTS: fingerprints_member(connection)}
    signer = key.public_key().public_bytes_raw().hex()
    digests = {name: hashlib.sha256(member).hexdigest() for name, member in members.items()}
    about = {"format": FORMAT, "store": store.number, "made": datetime.now(UTC).isoformat(), "signer": signer, "members": digests}
    manifest = json.dumps(about, sort_keys=True, indent=1).encode()
    aside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in {MANIFEST: manifest, SIGNATURE: key.sign(manifest), **members}.items():
            archive.writestr(name, member)
    aside.replace(target)
    return read(target)


def works_member(connection: Connection) -> bytes:
    """Every work with everything ever declared for it, one a line."""
    numbers = list(connection.scalars(select(schema.works.c.id).order_by(schema.works.c.id)))
    works, said = records.works_of(connection, numbers, date.max), records.declarations(connection, numbers)
    lines = (
        {"work": catalogue.row_of(works[number], None), "declared": [declared_json(one) for one in said.get(number, [])]}
        for number in numbers
    )
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines).encode()


def declared_json(one: Declared) -> dict[str, str]:
    """A declaration as an object."""
    holder = one.holder
    return {
        "holder": holder.name,
        "identity": str(holder.identity),
        "proof": holder.proof,
        "terms": str(one.terms),
        "on": one.on.isoformat(),
    }


def fingerprints_member(connection: Connection) -> bytes:
    """The exported fingerprints of all files that belong to a work; those that have none are left out, and so are paths."""
    table, prints = schema.files.c, schema.fingerprints.c
    wanted = (
        select(table.id, schema.works.c.key, table.page, table.media, table.digest, table.iscc, prints.part, prints.exported)
        .select_from(schema.files.join(schema.works).join(schema.fingerprints))
        .order_by(table.id, prints.part)
    )
    rows = [tuple(row) for row in connection.execute(wanted) if row.exported]
    columns = [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), COLUMNS, strict=True)] if rows else None
    stream = io.BytesIO()
    pq.write_table(pa.table(columns, schema=COLUMNS) if columns else COLUMNS.empty_table(), stream)
    return stream.getvalue()


def read(path: Path, signer: str | None = None) -> Snapshot:
    """The snapshot in ``path``, its signature and digests checked; raises InputError where they fail, or another than ``signer`` signed it."""
    with opened(path) as archive:
        about = manifest(archive, path, signer)
        lines = member(archive, WORKS, about["members"][WORKS], path).decode().splitlines()
    works = {work.id: (work, said) for work, said in map(parsed, map(json.loads, lines))}
    return Snapshot(path, about["store"], datetime.fromisoformat(about["made"]), about["signer"], works)


def opened(path: Path) -> zipfile.ZipFile:
    """The archive; raises InputError when it is none."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise InputError(f"{path} is no snapshot.", f"{path} はスナップショットではありません。") from error


def manifest(archive: zipfile.ZipFile, path: Path, signer: str | None) -> dict[str, Any]:
    """The manifest whose signature holds."""
    try:
        raw, signature = archive.read(MANIFEST), archive.read(SIGNATURE)
        about: dict[str, Any] = json.loads(raw)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(about["signer"])).verify(signature, raw)
    except (InvalidSignature, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: the signature does not hold.", f"{path}：署名を検証できません。") from error
    if signer is not None and about["signer"] != signer:
        raise InputError(
            f"{path} is signed by {about['signer']}, not by {signer}.", f"{path} の署名者は {signer} ではなく {about['signer']} です。"
        )
    if about["format"] != FORMAT:
        raise InputError(
            f"{path} is of format {about['format']}; update Sekisho.", f"{path} は形式 {about['format']} です。関所を更新してください。"
        )
    return about


def member(archive: zipfile.ZipFile, name: str, digest: str, path: Path) -> bytes:
    """One member, the bytes that were signed; raises InputError for others."""
    try:
        raw = archive.read(name) if archive.getinfo(name).file_size <= LARGEST else b""
    except (KeyError, zipfile.BadZipFile):
        raw = b""
    if hashlib.sha256(raw).hexdigest() != digest:
        raise InputError(f"{path}: {name} is not what was signed.", f"{path}：{name} が署名された内容と一致しません。")
    return raw


def parsed(line: Mapping[str, Any]) -> tuple[Work, tuple[Declared, ...]]:
    """A work and its declarations from one line."""
    said = tuple(
        Declared(
            RightsHolder(one["holder"], identity=Identity(one["identity"]), proof=one["proof"]),
            terms_of(one["terms"]),
            date.fromisoformat(one["on"]),
        )
        for one in line["declared"]
    )
    return catalogue.work(line["work"]), said


def terms_of(text: str) -> Terms:
    """Terms as they were written."""
    kind, currency, amount, use = (*text.split(":"), "", "", "")[:4]
    return Terms(TermsKind(kind), currency, Decimal(amount) if amount else None, use)


def unpacked(path: Path, cache: Path, signer: str | None = None) -> Store:
    """The snapshot as a store that can be searched, built once under ``cache``; its matches are unproved. Raises InputError as ``read`` does."""
    snapshot = read(path, signer)
    with path.open("rb") as file:
        home = cache / "snapshots" / hashlib.file_digest(file, "sha256").hexdigest()
    if not home.exists():
        aside = home.with_name(f".{uuid.uuid4().hex}")
        with opened(path) as archive:
            about = manifest(archive, path, signer)
            prints = pq.read_table(io.BytesIO(member(archive, FINGERPRINTS, about["members"][FINGERPRINTS], path))).to_pylist()
        store = Store(aside)
        store.write(lambda connection: fill(connection, snapshot, prints))
        store.engine.dispose()
        try:
            aside.rename(home)
        except OSError:  # another process was quicker
            shutil.rmtree(aside, ignore_errors=True)
    return Store(home)


def fill(connection: Connection, snapshot: Snapshot, prints: Iterable[Mapping[str, Any]]) -> None:
    """The works, declarations and fingerprints of ``snapshot`` as rows."""
    numbers = records.add_works(connection, [work for work, _ in snapshot.works.values()])
    for work, said in snapshot.works.values():
        for one in said:
            records.declare(connection, [records.Declaration(numbers[work.id], work.shares, one.terms, split=True, by=one.holder)], one.on)
    now = datetime.now(UTC)
    files = {row["file"]: {"id": row["file"], "work": numbers[row["work"]], "path": "", "harmless": False, "registered": now}
             | {name: row[name] for name in ("page", "media", "digest", "iscc")} for row in prints}  # fmt: skip
    if files:
        connection.execute(insert(schema.files), list(files.values()))
        connection.execute(
            insert(schema.fingerprints), [{"private": b""} | {name: row[name] for name in ("file", "part", "exported")} for row in prints]
        )


def changes(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """Whose word is another in ``new`` than in ``old``: one for each work, in the order of ids."""
    for work in sorted(old.works.keys() | new.works.keys()):
        before, after = (last(snapshot, work) for snapshot in (old, new))
        if (before and before.terms) != (after and after.terms):
            title = (new.works.get(work) or old.works[work])[0].title
            yield Change(work, title, before.terms if before else None, after.terms if after else None, after.on if after else None)


def last(snapshot: Snapshot, work: str) -> Declared | None:
    """What was declared last for a work; None when nothing was, or it is not there."""
    said = snapshot.works[work][1] if work in snapshot.works else ()
    return max(said, key=lambda one: one.on, default=None)


def check_key(signer: str | None) -> str | None:
    """A public key as it is written on a command line; raises UsageError."""
    if signer is not None and len(signer) != 64:
        raise UsageError("A public key has 64 hexadecimal digits.", "公開鍵は 16 進数 64 桁です。")
    return signer
