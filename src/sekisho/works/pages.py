"""The pages of a file: one of a picture, many of a volume; what cannot be read is a page with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sekisho.fingerprints import Unfit
from sekisho.fingerprints.content import Content


class Page(NamedTuple):
    """One page; ``number`` is 0 where a file is one page, and counts from 1 in a volume."""

    number: int
    content: Content | Unfit


def of(content: str | bytes | Path, media: str | None = None) -> Iterator[Page]:
    """The pages of ``content``, one at a time."""
    if isinstance(content, str):
        yield Page(0, Content(content.encode(), "text"))
    else:
        raw = content.read_bytes() if isinstance(content, Path) else content
        yield Page(0, Content(raw, media or "image"))
