"""A digest of everything in a store that decides: equal for equal works, files, terms and settings, wherever and in what order they were registered."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, Select, literal, select

from sekisho.works import schema
from sekisho.works.settings import Settings
from sekisho.works.store import Store

SIZE = 16
WIDTH = 1 << (8 * SIZE)


def digest(store: Store, settings: Settings) -> str:
    """The digest in hexadecimal; it takes time in proportion to what is registered."""
    total = 0
    with store.read() as connection:
        for wanted in statements():
            total += sum(map(number, rows(connection, wanted)))
    return hashlib.sha256(repr((total % WIDTH, settings)).encode()).hexdigest()


def number(row: tuple[Any, ...]) -> int:
    """A row as a number; rows that are added up have no order."""
    plain = [bytes(cell) if isinstance(cell, memoryview) else cell for cell in row]
    return int.from_bytes(hashlib.blake2b(repr(plain).encode(), digest_size=SIZE).digest())


def rows(connection: Connection, wanted: Select[Any]) -> Any:
    """The rows of a statement, a few at a time."""
    return (tuple(row) for row in connection.execution_options(stream_results=True, yield_per=10_000).execute(wanted))


def statements() -> list[Select[Any]]:
    """What decides, told without the numbers of rows: works with their creators, addresses, shares and terms, and files with their fingerprints."""
    work, file, holder = schema.works.c, schema.files.c, schema.holders.c
    said = (holder.name, holder.identity, holder.proof)
    described = [column for column in schema.works.columns if column.name not in {"id", "registered"}]
    made = [column for column in schema.creators.columns if column.name not in {"id", "work"}]
    terms, shares = schema.terms.c, schema.shares.c
    declared = (terms.kind, terms.currency, terms.amount, terms.use, terms.declared)
    prints = schema.fingerprints.c.part, schema.fingerprints.c.private != b""
    return [
        select(literal("work"), *described),
        select(literal("creator"), work.key, *made).join_from(schema.creators, schema.works),
        select(literal("address"), work.key, schema.addresses.c.url).join_from(schema.addresses, schema.works),
        select(literal("share"), work.key, *said, shares.part, shares.declared).join_from(schema.shares, schema.works).join(schema.holders),
        select(literal("terms"), work.key, *said, *declared).join_from(schema.terms, schema.works).join(schema.holders),
        select(literal("file"), work.key, file.digest, file.page, file.harmless, file.iscc, *prints)
        .join_from(schema.files, schema.works, isouter=True)
        .join(schema.fingerprints, isouter=True),
    ]
