"""What every thing that is written has: its file, how it is seen once it is published, and what it does, where it goes, what it cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from sekisho.declare.terms import Terms
from sekisho.model import Observation, Text


class About(NamedTuple):
    """For people: what it is called, what it does, where to put it, what it cannot do."""

    title: Text
    does: Text
    place: Text
    cannot: Text


class File(NamedTuple):
    """One file: its path below the output folder, its content, and what a visitor sees once it is in its place."""

    path: str
    content: str
    seen: tuple[Observation, ...] = ()


class Part(Protocol):
    """The whole interface of a thing that is written."""

    ABOUT: About

    def files(self, terms: Terms) -> Iterator[File]:
        """The files that say ``terms``; none when the protocol cannot say them without saying more."""
