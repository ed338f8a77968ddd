"""What a registered text was made from: the source edition that its colophon names."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("works", sa.Column("edition", sa.Text(), server_default="", nullable=False))
