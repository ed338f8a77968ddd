"""The texts that lie in hand in a batch of rows: in a text column named as corpora name theirs, or in files and recorded answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho.datasets import Batch, url_column
from sekisho.errors import InputError
from sekisho.formats import reading
from sekisho.formats.reading import Reading

COLUMNS = ("text", "raw_content", "content", "document", "body")
"""FineWeb, mC4, C4, Dolma, Wikipedia: ``text``; RedPajama: ``raw_content``; OSCAR, The Stack: ``content``."""
OF_PICTURES = frozenset({"width", "height", "image_url", "img_url", "similarity", "image_phash", "clip_similarity_vitb32"})
"""Beside one of these columns a text is a picture's caption, not the item."""
WHOLE_BYTES = 32 << 20
"""Longer files are matched part by part and their language is not told."""


def column(schema: pa.Schema) -> str | None:
    """The column that holds the items' text; None where there is none."""
    lower = {name.lower(): name for name in reversed(schema.names)}
    if OF_PICTURES & set(lower):
        return None
    return next((lower[name] for name in COLUMNS if name in lower and is_text_type(schema.field(lower[name]).type)), None)


def address_column(schema: pa.Schema, wanted: str | None = None) -> str | None:
    """The column of addresses, None in a data set of texts that names none; raises InputError where there is neither."""
    try:
        return url_column(schema, wanted)
    except InputError:
        if wanted or column(schema) is None:
            raise
        return None


def placed(table: pa.Table, wanted: str | None = None) -> NDArray[np.bool_]:
    """Which rows lie somewhere without an address: files of a folder, members of a tar without a URL, texts of a data set that names no addresses."""
    if {"locator", "url"} <= set(table.column_names):
        lies = pc.and_(pc.is_valid(table.column("locator")), pc.is_null(table.column("url")))
        return np.asarray(lies.combine_chunks().to_numpy(zero_copy_only=False))
    if address_column(table.schema, wanted) is None:
        return np.asarray(table.column(column(table.schema)).is_valid().combine_chunks().to_numpy(zero_copy_only=False))
    return np.zeros(table.num_rows, np.bool_)


def is_text_type(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def readings(batch: Batch) -> Iterator[tuple[int, Reading]]:
    """Row and running text of each item whose text is in hand, in the order of rows."""
    name = column(batch.table.schema)
    texts = decoded(batch.table.column(name)) if name else []
    yield from ((row, reading.plain(text)) for row, text in enumerate(texts) if text is not None and row not in batch.unreadable)
    for row, content in {} if name else batch.contents.items():
        if is_text(batch, row) and not content.failed and 0 < len(content.body) <= WHOLE_BYTES:
            yield row, reading.read(content.body)


def decoded(column: pa.ChunkedArray | pa.Array) -> list[str | None]:
    """The texts of a column of strings; bytes that are no UTF-8 are replaced, since files may hold them all the same."""
    return [None if raw is None else raw.decode("utf-8", "replace") for raw in column.cast(pa.large_binary()).to_pylist()]


def is_text(batch: Batch, row: int) -> bool:
    """Whether what lies in hand for ``row`` is a text file by its media type."""
    return str(batch.table.column("media")[row].as_py() or "").startswith(("text/", "application/xhtml"))
