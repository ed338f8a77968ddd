"""When items were captured, from the first column of dates that a data set has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho.kernels.locations import NO_MOMENT

COLUMNS = ("warc_date", "crawl_date", "fetched_at", "captured_at", "fetch_time", "date", "timestamp")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moments(table: pa.Table) -> NDArray[np.int64] | None:
    """The moment of capture of each row in microseconds since 1970, ``NO_MOMENT`` where none can be read; None when no column says."""
    lower = {name.lower(): name for name in reversed(table.column_names)}
    name = next((lower[known] for known in COLUMNS if known in lower), None)
    column = table.column(name).combine_chunks() if name else None
    if column is None:
        return None
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        distinct = column.dictionary_encode()
        known = np.array([*(_moment(text) for text in distinct.dictionary.to_pylist()), NO_MOMENT], np.int64)
        return np.asarray(known[distinct.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)])
    if not pa.types.is_timestamp(column.type) and not pa.types.is_date(column.type):
        return None
    numbers = column.cast(pa.timestamp("us", getattr(column.type, "tz", None)), safe=False).cast(pa.int64())
    return np.asarray(pc.fill_null(numbers, NO_MOMENT).to_numpy(zero_copy_only=False))


def _moment(text: str | None) -> int:
    """A moment in ISO 8601; one without a zone is in UTC."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return NO_MOMENT
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)
