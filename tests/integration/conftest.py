"""The recorded world and its rows as files."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from worlds import ROWS, SEEN, WORLD


@pytest.fixture
def world(tmp_path):
    """The observations as Parquet."""
    urls, statuses, headers, bodies = zip(*WORLD, strict=True)
    table = {
        "url": urls,
        "at": [SEEN] * len(WORLD),
        "status": statuses,
        "headers": [[{"name": n, "value": v} for n, v in h.items()] for h in headers],
        "body": bodies,
    }
    path = tmp_path / "world.parquet"
    pq.write_table(pa.table(table), path)
    return path


@pytest.fixture
def rows(tmp_path):
    """The data set as Parquet, with a column that must pass through untouched."""
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"caption": [f"c{i}" for i in range(len(ROWS))], "URL": [url for url, _ in ROWS]}), path, row_group_size=3)
    return path
