"""Rows in and out of a store's tables; every function works inside the caller's transaction and may run twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Column, Connection, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from sekisho.works import schema
from sekisho.works.values import Creator, Declared, Identity, RightsHolder, Scanned, Share, Terms, TermsKind, Work

K = TypeVar("K", str, bytes)
DESCRIPTION = ("title", "title_reading", "kind", "isbn", "magazine_code", "volume", "first_published", "country", "edition")
AT_ONCE = 500  # values in one IN list: SQLite refuses very long ones


def add_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows``; those that break a unique constraint are there already."""
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def batches(values: Iterable[Any]) -> Iterable[list[Any]]:
    """``values`` in lists short enough for one statement."""
    all_of_them = list(values)
    return (all_of_them[start : start + AT_ONCE] for start in range(0, len(all_of_them), AT_ONCE))


def add_works(connection: Connection, works: Sequence[Work]) -> dict[str, int]:
    """The row numbers of ``works`` by id; those that were missing are described as given, with creators and addresses."""
    known = work_numbers(connection, [work.id for work in works])
    new = {work.id: work for work in works if work.id not in known}
    now = datetime.now(UTC)
    described = [{"key": work.id, "registered": now} | {name: getattr(work, name) for name in DESCRIPTION} for work in new.values()]
    add_missing(connection, schema.works, described)
    known |= work_numbers(connection, list(new))
    made = [(known[work.id], creator) for work in new.values() for creator in work.creators]
    if made:
        connection.execute(insert(schema.creators), [{"work": number, **columns_of(creator)} for number, creator in made])
    add_missing(connection, schema.addresses, [{"url": url, "work": known[work.id]} for work in works for url in work.urls])
    return known


def columns_of(creator: Creator) -> dict[str, Any]:
    """A creator as a row."""
    return {name: getattr(creator, name) for name in ("name", "reading", "role", "born", "died")}


def counts(connection: Connection, column: Column[str]) -> dict[str, int]:
    """How many rows have each value of ``column``."""
    found = connection.execute(select(column, func.count()).group_by(column))
    return {str(value): int(number) for value, number in found}


def work_numbers(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """The row numbers of the works called ``keys``, of those that are there."""
    wanted = select(schema.works.c.key, schema.works.c.id)
    return {key: number for some in batches(set(keys)) for key, number in connection.execute(wanted.where(schema.works.c.key.in_(some)))}


def add_holder(connection: Connection, holder: RightsHolder) -> int:
    """The row number of ``holder``, who is told apart by name, identity and what it rests on."""
    row = {
        "name": holder.name,
        "reading": holder.reading,
        "identity": str(holder.identity),
        "proof": holder.proof,
        "contact": holder.contact,
    }
    add_missing(connection, schema.holders, [row])
    table = schema.holders.c
    wanted = select(table.id).where(table.name == holder.name, table.identity == row["identity"], table.proof == holder.proof)
    found: int = connection.execute(wanted).scalar_one()
    return found


class Declaration(NamedTuple):
    """What is said of a work, and whether its shares were stated or are assumed (one holder, the whole); every holder speaks unless ``by`` is one."""

    work: int
    shares: tuple[Share, ...]
    terms: Terms
    split: bool
    by: RightsHolder | None = None

    @property
    def voices(self) -> list[RightsHolder]:
        """Who says it."""
        return [self.by] if self.by else [share.holder for share in self.shares]


def declare(connection: Connection, said: Sequence[Declaration], on: date) -> dict[int, tuple[Share, ...]]:
    """Add what is new in ``said`` as versions of the day ``on``; what was said before stays.

    Gives back the holders of those works that belong to somebody else, of which nothing was added.
    """
    works = sorted({one.work for one in said})
    before, earlier = shares_of(connection, works, on), declarations(connection, works)
    foreign = {
        one.work: before[one.work] for one in said if one.work in before and not one.split and not speaks_for(one.shares, before[one.work])
    }
    named = {holder for one in said for holder in (*one.voices, *(share.holder for share in one.shares))}
    numbers = {holder: add_holder(connection, holder) for holder in sorted(named, key=lambda holder: holder.name)}
    new_shares: dict[tuple[int, RightsHolder], dict[str, Any]] = {}
    new_terms: dict[tuple[int, RightsHolder], dict[str, Any]] = {}
    for one in said:
        if one.work in foreign:
            continue
        current = {declared.holder: declared.terms for declared in earlier.get(one.work, []) if declared.on <= on}
        if (one.split or one.work not in before) and before.get(one.work) != one.shares:
            new_shares |= {
                (one.work, share.holder): {"work": one.work, "holder": numbers[share.holder], "part": str(share.part), "declared": on}
                for share in one.shares
            }
        new_terms |= {(one.work, voice): terms_row(one, numbers[voice], on) for voice in one.voices if current.get(voice) != one.terms}
    if new_shares:
        connection.execute(insert(schema.shares), list(new_shares.values()))
    if new_terms:
        connection.execute(insert(schema.terms), list(new_terms.values()))
    return foreign


def declare_by_day(connection: Connection, said: Iterable[tuple[date, Declaration]]) -> dict[int, tuple[Share, ...]]:
    """As ``declare``, each declaration on a day of its own, earlier days first."""
    days: dict[date, list[Declaration]] = defaultdict(list)
    for on, one in said:
        days[on].append(one)
    return {work: holders for on in sorted(days) for work, holders in declare(connection, days[on], on).items()}


def speaks_for(shares: tuple[Share, ...], registered: tuple[Share, ...]) -> bool:
    """Whether the holders of ``shares`` are among those a work is registered to."""
    return {share.holder for share in shares} <= {share.holder for share in registered}


def terms_row(said: Declaration, holder: int, on: date) -> dict[str, Any]:
    """Terms as a row."""
    terms = said.terms
    amount = "" if terms.amount is None else str(terms.amount)
    price = {"currency": terms.currency, "amount": amount, "use": terms.use}
    return {"work": said.work, "holder": holder, "kind": str(terms.kind), **price, "declared": on, "recorded": datetime.now(UTC)}


def shares_of(connection: Connection, works: Sequence[int], on: date) -> dict[int, tuple[Share, ...]]:
    """The shares of each of ``works`` as declared latest by the day ``on``."""
    found: dict[int, dict[date, list[Share]]] = defaultdict(lambda: defaultdict(list))
    wanted = select(schema.shares, schema.holders).join(schema.holders).where(schema.shares.c.declared <= on).order_by(schema.shares.c.id)
    for some in batches(works):
        for row in connection.execute(wanted.where(schema.shares.c.work.in_(some))):
            found[row.work][row.declared].append(Share(holder_of(row), Fraction(row.part)))
    return {work: tuple(days[max(days)]) for work, days in found.items()}


def declarations(connection: Connection, works: Sequence[int]) -> dict[int, list[Declared]]:
    """Everything that was ever declared for each of ``works``, in the order of recording."""
    found: dict[int, list[Declared]] = defaultdict(list)
    wanted = select(schema.terms, schema.holders).join(schema.holders).order_by(schema.terms.c.id)
    for some in batches(works):
        for row in connection.execute(wanted.where(schema.terms.c.work.in_(some))):
            terms = Terms(TermsKind(row.kind), row.currency, Decimal(row.amount) if row.amount else None, row.use)
            found[row.work].append(Declared(holder_of(row), terms, row.declared))
    return found


def holder_of(row: Any) -> RightsHolder:
    """The holder in a joined row."""
    return RightsHolder(row.name, row.reading, Identity(row.identity), row.proof, row.contact)


def add_files(connection: Connection, scanned: Sequence[tuple[int | None, Scanned]], *, harmless: bool = False) -> list[bool]:
    """Whether each file was there already; what is missing of them or of their fingerprints is added. A file is told by work, digest and page."""
    there = known_files(connection, [one.digest for _, one in scanned])
    keys = [(work, one.digest, one.page) for work, one in scanned]
    new = {key: one for key, (_, one) in zip(keys, scanned, strict=True) if key not in there}
    now = datetime.now(UTC)
    rows = [
        {
            "work": work,
            "path": one.path,
            "page": page,
            "media": one.media,
            "digest": digest,
            "iscc": one.iscc,
            "harmless": harmless,
            "registered": now,
        }
        for (work, digest, page), one in new.items()
    ]
    numbers = dict(there)
    if rows:
        added = connection.scalars(insert(schema.files).returning(schema.files.c.id, sort_by_parameter_order=True), rows)
        numbers |= dict(zip(new, added, strict=True))
    prints = [
        {"file": numbers[key], "part": part, "exported": value.exported, "private": value.private}
        for key, (_, one) in zip(keys, scanned, strict=True)
        for part, value in one.fingerprints.items()
    ]
    add_missing(connection, schema.fingerprints, prints)
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    return [key in there or first[key] != place for place, key in enumerate(keys)]


def known_files(connection: Connection, digests: Sequence[bytes]) -> dict[tuple[int | None, bytes, int], int]:
    """The numbers of the files that are there with one of ``digests``, by work, digest and page."""
    wanted = select(schema.files.c.id, schema.files.c.work, schema.files.c.digest, schema.files.c.page)
    return {
        (work, bytes(digest), page): number
        for some in batches(set(digests))
        for number, work, digest, page in connection.execute(wanted.where(schema.files.c.digest.in_(some)))
    }


def works_by(connection: Connection, column: Column[K], values: Iterable[K]) -> dict[K, list[str]]:
    """The ids of the works whose addresses or files have one of ``values`` in ``column``, by value."""
    found: dict[K, list[str]] = defaultdict(list)
    wanted = select(column, schema.works.c.key).select_from(column.table.join(schema.works)).distinct().order_by(schema.works.c.key)
    for some in batches(set(values)):
        for value, key in connection.execute(wanted.where(column.in_(some))):
            found[value].append(key)
    return dict(found)


def works_of(connection: Connection, numbers: Sequence[int], on: date) -> dict[int, Work]:
    """The works of these row numbers, with their shares on the day ``on``."""
    shares = shares_of(connection, numbers, on)
    makers: dict[int, list[Creator]] = defaultdict(list)
    urls: dict[int, list[str]] = defaultdict(list)
    found: dict[int, Work] = {}
    for some in batches(numbers):
        for row in connection.execute(select(schema.creators).where(schema.creators.c.work.in_(some)).order_by(schema.creators.c.id)):
            makers[row.work].append(Creator(row.name, row.reading, row.role, row.born, row.died))
        for row in connection.execute(select(schema.addresses).where(schema.addresses.c.work.in_(some)).order_by(schema.addresses.c.url)):
            urls[row.work].append(row.url)
        for row in connection.execute(select(schema.works).where(schema.works.c.id.in_(some))):
            described = {name: getattr(row, name) for name in DESCRIPTION}
            found[row.id] = Work(
                row.key, **described, creators=tuple(makers[row.id]), shares=shares.get(row.id, ()), urls=tuple(urls[row.id])
            )
    return found
