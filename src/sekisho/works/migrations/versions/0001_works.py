"""The first shape: works, creators, holders with shares, terms, addresses, files and their fingerprints."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "holders",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), server_default="", nullable=False),
        sa.Column("identity", sa.Text(), server_default="", nullable=False),
        sa.Column("proof", sa.Text(), server_default="", nullable=False),
        sa.Column("contact", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "identity", "proof", name=op.f("uq_holders_name")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "works",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("title_reading", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("isbn", sa.Text(), server_default="", nullable=False),
        sa.Column("magazine_code", sa.Text(), server_default="", nullable=False),
        sa.Column("volume", sa.Text(), server_default="", nullable=False),
        sa.Column("first_published", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("registered", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", name=op.f("uq_works_key")),
    )
    op.create_table(
        "addresses",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("work", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["work"], ["works.id"], name=op.f("fk_addresses_work")),
        sa.PrimaryKeyConstraint("url", "work"),
    )
    op.create_table(
        "creators",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("work", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("reading", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("born", sa.Integer(), nullable=True),
        sa.Column("died", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["work"], ["works.id"], name=op.f("fk_creators_work")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_creators_work"), "creators", ["work"], unique=False)
    op.create_table(
        "files",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("work", NUMBER, nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("iscc", sa.Text(), server_default="", nullable=False),
        sa.Column("harmless", sa.Boolean(), nullable=False),
        sa.Column("registered", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["work"], ["works.id"], name=op.f("fk_files_work")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("work", "digest", "page", name=op.f("uq_files_work")),
    )
    op.create_index(op.f("ix_files_digest"), "files", ["digest"], unique=False)
    op.create_index("ix_files_iscc", "files", ["iscc"], unique=False)
    op.create_index(op.f("ix_files_work"), "files", ["work"], unique=False)
    op.create_table(
        "shares",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("work", NUMBER, nullable=False),
        sa.Column("holder", NUMBER, nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("declared", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["holder"], ["holders.id"], name=op.f("fk_shares_holder")),
        sa.ForeignKeyConstraint(["work"], ["works.id"], name=op.f("fk_shares_work")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_shares_work"), "shares", ["work"], unique=False)
    op.create_table(
        "terms",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("work", NUMBER, nullable=False),
        sa.Column("holder", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("amount", sa.Text(), server_default="", nullable=False),
        sa.Column("use", sa.Text(), server_default="", nullable=False),
        sa.Column("declared", sa.Date(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["holder"], ["holders.id"], name=op.f("fk_terms_holder")),
        sa.ForeignKeyConstraint(["work"], ["works.id"], name=op.f("fk_terms_work")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_terms_work"), "terms", ["work"], unique=False)
    op.create_table(
        "fingerprints",
        sa.Column("file", NUMBER, nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("exported", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["files.id"], name=op.f("fk_fingerprints_file")),
        sa.PrimaryKeyConstraint("file", "part"),
    )
