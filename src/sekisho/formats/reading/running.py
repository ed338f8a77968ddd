"""What a text file says once its mark-up is set aside: running text with the way back to the file, and what it states about itself."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Author:
    """Someone named in the file; ``role`` as it is written there (著者, 訳者), empty when it says nothing."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The running text of a file. ``offsets`` says for each character where it stands in the decoded file, in code points; None: as it is here.

    ``matter`` is what was set aside as no part of the work: legends, colophons, archive notices, licence texts.
    """

    text: str
    offsets: Offsets | None
    length: int
    """Characters of the decoded file."""
    title: str = ""
    authors: tuple[Author, ...] = ()
    edition: str = ""
    matter: tuple[str, ...] = ()
    encoding: str = "utf-8"
    """In which the file was, as Python names it; empty where a book's own pages say."""
    warnings: tuple[str, ...] = ()
    """``bytes-replaced`` where some mean nothing in the encoding, ``garbled`` where most do, ``unreadable`` where nothing was read."""

    @property
    def says_something(self) -> bool:
        """Whether what was read can be meant as text."""
        return "garbled" not in self.warnings and (not self.warnings or bool(self.text))

    @property
    def as_it_stands(self) -> bool:
        """Whether the file's bytes are the running text, in UTF-8."""
        return self.offsets is None and self.encoding == "utf-8" and not self.warnings


@dataclass(slots=True)
class Pieces:
    """Collects the running text piece by piece; ``reading`` puts it together."""

    _texts: list[str] = field(default_factory=list)
    _offsets: list[Offsets] = field(default_factory=list)

    def keep(self, source: str, start: int, end: int) -> None:
        """Take ``source[start:end]`` as it stands."""
        self._texts.append(source[start:end])
        self._offsets.append(np.arange(start, end, dtype=np.int64))

    def put(self, text: str, start: int) -> None:
        """Take ``text`` for what stands at ``start``."""
        self._texts.append(text)
        self._offsets.append(np.full(len(text), start, dtype=np.int64))

    def text_and_offsets(self) -> tuple[str, Offsets]:
        """The collected text and where its characters stand."""
        return "".join(self._texts), np.concatenate([np.empty(0, np.int64), *self._offsets])


def plain(text: str) -> Reading:
    """``text`` as its own reading."""
    return Reading(text, None, len(text))
