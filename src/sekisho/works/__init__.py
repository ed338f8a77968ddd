"""Registered works, their holders and terms; finds the works an item resembles. The works themselves stay where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sekisho.errors import InputError, MissingPartError

try:
    import sqlalchemy  # noqa: F401 - asked first, so that a missing extra is said in words
except ModuleNotFoundError as error:
    raise MissingPartError(
        "The works store needs more than the core: pip install 'sekisho[works]'.",
        "著作物ストアには追加の部品が必要です：pip install 'sekisho[works]' を実行してください。",
    ) from error

from sekisho.fingerprints import Unfit
from sekisho.works import pages
from sekisho.works.matching import Found, Matcher
from sekisho.works.store import Store
from sekisho.works.values import Match

__all__ = ["Match", "Works"]


class Works:
    """A store of works. Opening creates nothing; registering does."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.matcher = Matcher(store)

    @classmethod
    def open(cls, store: str | Path) -> Works:
        """The store in a folder, or behind a ``postgresql://`` URL; raises InputError for any other URL."""
        return cls(Store(store))

    def match(self, content: str | bytes | Path, media: str | None = None, on: date | None = None) -> list[Match]:
        """The works that ``content`` resembles, best first, with the terms of the day ``on`` (today).

        ``str`` is a text, ``Path`` a file, ``bytes`` a file's content; ``media`` is ``image`` or ``text`` and is told from the bytes
        when left out. Raises InputError when the store holds nothing yet or the content cannot be read.
        """
        return next(self.match_many([content], media, on))

    def match_many(self, contents: Iterable[str | bytes | Path], media: str | None = None, on: date | None = None) -> Iterator[list[Match]]:
        """As ``match``, one list for each of ``contents`` in order."""
        if not self.store.exists:
            raise InputError(
                f"There is no works store at {self.store.url.render_as_string()}. Register works first, or check the path.",
                f"{self.store.url.render_as_string()} に著作物ストアがありません。先に登録するか、場所を確かめてください。",
            )
        day = on or datetime.now(UTC).date()
        for content in contents:
            found = self.search(content, media)
            yield self.matcher.matches(found, day)

    def search(self, content: str | bytes | Path, media: str | None) -> list[Found]:
        """The hits of all pages of ``content``; raises InputError when no page of it can be read."""
        found: list[Found] = []
        for page in pages.of(content, media):
            if isinstance(page.content, Unfit):
                continue
            self.matcher.follow(page.content.media)
            hits = self.matcher.search(page.content)
            found += [] if isinstance(hits, Unfit) else hits
        return found
