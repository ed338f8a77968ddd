"""The tables of a store, the same in SQLite and PostgreSQL. Declarations are added, never changed: each has the day it holds from."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only where the type is exactly INTEGER


def number() -> Column[int]:
    """A row number, ascending in the order of commits (writers take turns)."""
    return Column("id", NUMBER, primary_key=True, autoincrement=True)


def words(name: str) -> Column[str]:
    """A text that is empty when unknown."""
    return Column(name, Text, nullable=False, server_default="")


works = Table(
    "works",
    metadata,
    number(),
    Column("key", Text, nullable=False, unique=True),
    *map(words, ("title", "title_reading", "kind", "isbn", "magazine_code", "volume", "first_published", "country", "edition")),
    Column("registered", DateTime(timezone=True), nullable=False),
)

creators = Table(
    "creators",
    metadata,
    number(),
    Column("work", ForeignKey("works.id"), nullable=False, index=True),
    *map(words, ("name", "reading", "role")),
    Column("born", Integer),
    Column("died", Integer),
)

holders = Table(
    "holders",
    metadata,
    number(),
    Column("name", Text, nullable=False),
    *map(words, ("reading", "identity", "proof", "contact")),
    UniqueConstraint("name", "identity", "proof"),
)

shares = Table(
    "shares",
    metadata,
    number(),
    Column("work", ForeignKey("works.id"), nullable=False, index=True),
    Column("holder", ForeignKey("holders.id"), nullable=False),
    Column("part", Text, nullable=False),  # a fraction such as 1/3: sums stay exact
    Column("declared", Date, nullable=False),
)

terms = Table(
    "terms",
    metadata,
    number(),
    Column("work", ForeignKey("works.id"), nullable=False, index=True),
    Column("holder", ForeignKey("holders.id"), nullable=False),
    Column("kind", Text, nullable=False),
    *map(words, ("currency", "amount", "use")),
    Column("declared", Date, nullable=False),
    Column("recorded", DateTime(timezone=True), nullable=False),
)

addresses = Table(
    "addresses",
    metadata,
    Column("url", Text, primary_key=True),
    Column("work", ForeignKey("works.id"), primary_key=True),
)

files = Table(
    "files",
    metadata,
    number(),
    Column("work", ForeignKey("works.id"), index=True),  # none: a known-harmless picture, which belongs to nobody
    Column("path", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("media", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False, index=True),
    words("iscc"),
    Column("harmless", Boolean, nullable=False),
    Column("registered", DateTime(timezone=True), nullable=False),
    UniqueConstraint("work", "digest", "page"),
    Index("ix_files_iscc", "iscc"),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("file", ForeignKey("files.id"), primary_key=True),
    Column("part", Text, primary_key=True),
    Column("exported", LargeBinary, nullable=False),
    Column("private", LargeBinary, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
