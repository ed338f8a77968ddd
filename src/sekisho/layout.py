"""How kept and left_out lie in Parquet: each column in the encoding that pays, and text columns as plain text for whoever reads them.

Words come as dictionaries and are written as they are. Of the input's columns only those that repeat get a dictionary; statistics are left out,
because nobody asks these files by value. docs/decisions says what was measured.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SAMPLE = 4_096
REPEATS = 16
"""A column is worth a dictionary when its values come at least this often in a sample."""
COMPRESSION = "snappy"


def writer(path: Path, schema: pa.Schema, first: pa.Table) -> pq.ParquetWriter:
    """A writer for rows of ``schema``, its encodings chosen by the ``first`` of them."""
    opened = pq.ParquetWriter(
        path,
        schema,
        compression=COMPRESSION,
        use_dictionary=[name for place, name in enumerate(schema.names) if _repeats(first.column(place))],
        column_encoding={"sekisho_evidence.list.element": "DELTA_BINARY_PACKED"},
        write_statistics=False,
        store_schema=False,
    )
    opened.add_key_value_metadata({b"ARROW:schema": base64.b64encode(plain(schema).serialize().to_pybytes())})
    return opened


def plain(schema: pa.Schema) -> pa.Schema:
    """``schema`` with our dictionaries of text as text."""
    return pa.schema([field.with_type(PLAIN.get(field.type, field.type)) for field in schema], schema.metadata)


PLAIN = {
    pa.dictionary(pa.int8(), pa.string()): pa.string(),
    pa.dictionary(pa.int32(), pa.string()): pa.string(),
    pa.list_(pa.dictionary(pa.int32(), pa.string())): pa.list_(pa.string()),
}


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether a column holds few distinct values, judged by its beginning; one that is a dictionary already does."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return True
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_primitive(kind)):
        return False
    sample = column.slice(0, SAMPLE)
    return len(sample) > 0 and pc.count_distinct(sample).as_py() * REPEATS <= len(sample)
