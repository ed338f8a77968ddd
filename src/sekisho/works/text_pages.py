"""A text file as one page, or, when it is very long, in parts: memory does not grow with the file, be it one line of a gigabyte."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from sekisho.fingerprints import Content
from sekisho.formats.reading.encodings import encoding_of

WHOLE = 32 << 20
"""Bytes of a text that is looked at as a whole, with the mark-up of its format."""
PART = 8 << 20
OVERLAP = 4096
"""Characters that a part has in common with the one before, so that a passage is whole in one of them."""


def contents(file: BinaryIO) -> Iterator[Content]:
    """The text of ``file``, or its parts in order, as plain text."""
    head = file.read(WHOLE + 1)
    if len(head) <= WHOLE:
        yield Content(head, "text")
        return
    encoding = encoding_of(head)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text, start = "", 0
    for raw in chain(_cut(head), iter(lambda: file.read(PART), b"")):
        text += decoder.decode(raw)
        yield Content(text.encode("utf-8", "surrogatepass"), "text", words=text, start=start, encoding=encoding)
        start += max(0, len(text) - OVERLAP)
        text = text[-OVERLAP:]


def _cut(raw: bytes) -> Iterator[bytes]:
    return (raw[at : at + PART] for at in range(0, len(raw), PART))
