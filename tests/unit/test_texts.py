"""Which column of a data set holds the items' text, and what lies in hand of a row."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sekisho import texts
from sekisho.datasets import Batch
from sekisho.errors import InputError
from sekisho.model import Observation, Source


def schema(*names, kind=pa.string()):  # noqa: B008 - a type, never changed
    return pa.schema([(name, kind) for name in names])


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("text", "id", "dump", "url", "date", "file_path", "language"), "text"),  # FineWeb
        (("text", "timestamp", "url"), "text"),  # mC4
        (("id", "text", "source", "added"), "text"),  # Dolma
        (("url", "date_download", "digest", "raw_content", "title"), "raw_content"),  # RedPajama, CCNet
        (("content", "warc_headers"), "content"),  # OSCAR
        (("URL", "TEXT", "HEIGHT", "WIDTH", "similarity"), None),  # LAION: a caption
        (("url", "text", "width", "height", "image_phash"), None),  # COYO: a caption
        (("url", "caption"), None),
    ],
)
def test_columns_are_known_by_the_names_that_corpora_give_them_and_captions_are_none(names, wanted):
    assert texts.column(schema(*names)) == wanted


def test_a_column_of_numbers_is_no_text():
    assert texts.column(schema("text", kind=pa.int64())) is None


def test_a_data_set_of_texts_needs_no_address_unless_one_is_named():
    assert texts.address_column(schema("text", "id")) is None
    assert texts.address_column(schema("text", "url")) == "url"
    with pytest.raises(InputError):
        texts.address_column(schema("text", "id"), "link")
    with pytest.raises(InputError):
        texts.address_column(schema("caption", "id"))


def test_rows_without_a_text_rows_that_could_not_be_read_and_broken_bytes_stay_in_their_places():
    odd = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xffb"))
    table = pa.table({"text": pa.chunked_array([pa.array(["one", None, "three"]), odd])})
    found = {row: reading.text for row, reading in texts.readings(Batch(0, table, {2: "bad"}))}
    assert found == {0: "one", 3: "a\ufffdb"}
    assert texts.placed(table).tolist() == [True, False, True, True]


def test_of_files_in_hand_the_texts_are_read():
    table = pa.table({"url": [None] * 3, "locator": ["a", "b", "c"], "media": ["text/html", "image/png", "text/plain"]})
    bodies = [b"<html><body><p>one</p></body></html>", b"\x89PNG", b""]
    contents = {row: Observation("x", Source.HEADERS, body) for row, body in enumerate(bodies)}
    assert [(row, reading.text.strip()) for row, reading in texts.readings(Batch(0, table, {}, contents))] == [(0, "one")]
