"""Marks of texts that do not overlap, made anew from the texts that the store holds: those of before could be guessed one from the other."""

import sqlalchemy as sa
from alembic import op

from sekisho.fingerprints import marks, text

revision = "0003"
down_revision = "0002"

PRINTS = sa.table(
    "fingerprints",
    sa.column("file", sa.BigInteger),
    sa.column("part", sa.Text),
    *(sa.column(name, sa.LargeBinary) for name in ("exported", "private")),
)
BEFORE, NOW = "text-passages-1", "text-passages-2"


def upgrade() -> None:
    connection = op.get_bind()
    held = sa.and_(PRINTS.c.part == BEFORE, sa.func.length(PRINTS.c.private) > 0)
    for file in connection.scalars(sa.select(PRINTS.c.file).where(held)).all():
        mine = sa.and_(PRINTS.c.part == BEFORE, PRINTS.c.file == file)
        folded = text.unpacked(bytes(connection.execute(sa.select(PRINTS.c.private).where(mine)).scalar_one()))
        connection.execute(PRINTS.update().where(mine).values(part=NOW, exported=marks.exported(folded)))
    connection.execute(PRINTS.delete().where(PRINTS.c.part == BEFORE))
