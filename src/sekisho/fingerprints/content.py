"""One content to be fingerprinted, as all fingerprints see it."""

from __future__ import annotations

import hashlib
from functools import cached_property

from sekisho.fingerprints import picture
from sekisho.fingerprints.picture import Picture
from sekisho.fingerprints.values import Unfit
from sekisho.formats import reading
from sekisho.formats.reading import Reading


class Content:
    """Bytes of a kind of media (``image``, ``text``); what several fingerprints need of them is worked out once.

    ``frame`` picks one picture of an animation. A page that has no bytes of its own (drawn from a PDF) brings its ``drawn`` picture.
    ``words`` is a text that comes as such and not as a file; its bytes are UTF-8, and it may be the part of a longer one from ``start`` on, which
    was found to be in ``encoding``. A ``fleeting`` content is only asked about and never registered; its ``reading`` may be at hand already.
    """

    def __init__(
        self,
        raw: bytes,
        media: str,
        *,
        frame: int = 0,
        drawn: Picture | None = None,
        words: str | None = None,
        start: int = 0,
        fleeting: bool = False,
        reading: Reading | None = None,
        encoding: str = "",
    ) -> None:
        self.raw = raw
        self.media = media
        self.frame = frame
        self.drawn = drawn
        self.words = words
        self.start = start
        self.fleeting = fleeting
        self._encoding = encoding
        if reading is not None:
            self.reading = reading

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.raw).digest()

    @property
    def encoding(self) -> str:
        """In which encoding the bytes of a text were found to be, as Python names it; empty where nobody had to find out."""
        return self._encoding if self.words is not None or self.media != "text" else self.reading.encoding

    @cached_property
    def picture(self) -> Picture | Unfit:
        """The bytes as a picture; why not, when they cannot be read as one."""
        return self.drawn or picture.read(self.raw, self.frame)

    @cached_property
    def detail(self) -> Picture | Unfit:
        """The same picture with its fine strokes; of a large JPEG, the decoder leaves more of them."""
        return self.drawn or picture.detailed(self.raw, self.picture)

    @cached_property
    def reading(self) -> Reading:
        """The bytes as running text, with what the file says of itself."""
        return reading.read(self.raw) if self.words is None else reading.plain(self.words)
