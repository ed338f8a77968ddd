"""Registered works, their holders and terms; finds the works an item resembles. The works themselves stay where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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

from sekisho.fingerprints import Closeness
from sekisho.works import catalogue as catalogues
from sekisho.works import pages, settings
from sekisho.works import terms as terms_
from sekisho.works.entries import entries
from sekisho.works.matching import Brake, Matcher, Screened
from sekisho.works.registering import registered
from sekisho.works.store import Store
from sekisho.works.values import Identity, Match, Registered, RightsHolder, Terms, TermsKind, Work

__all__ = ["Closeness", "Identity", "Match", "Registered", "RightsHolder", "Screened", "Terms", "TermsKind", "Work", "Works"]


class Works:
    """A store of works. Opening creates nothing; registering does."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.matcher = Matcher(store)

    @classmethod
    def open(cls, store: str | Path) -> Works:
        """The store in a folder, or behind a ``postgresql://`` URL; raises InputError for any other URL."""
        return cls(Store(store))

    def register(
        self,
        *paths: str | Path,
        holder: str | RightsHolder | None = None,
        terms: str = "ask",
        catalogue: str | Path | None = None,
        on: date | None = None,
        workers: int = 1,
        each: Callable[[Registered], None] | None = None,
    ) -> list[Registered]:
        """What became of each page of the files and folders ``paths`` and of the rows of ``catalogue``, also handed to ``each`` once it is durable.

        ``terms`` hold from the day ``on`` (today). Twice is harmless. Raises InputError for a path that is not there and for a row of the
        catalogue that cannot be understood, UsageError for unknown terms; a file that cannot be read is a result with the reason.
        """
        lines = [] if catalogue is None else catalogues.load(Path(catalogue))
        base = Path() if catalogue is None else Path(catalogue).parent
        owner = RightsHolder(holder) if isinstance(holder, str) else holder
        wanted = entries([Path(path) for path in paths], lines, base, owner, terms_.parse(terms))
        told = []
        for one in registered(self.store, wanted, on or today(), workers):
            told.append(one)
            if each is not None:
                each(one)
        return told

    def match(self, content: str | bytes | Path, media: str | None = None, on: date | None = None) -> list[Match]:
        """The works that ``content`` resembles, best first, with the terms of the day ``on`` (today).

        ``str`` is a text, ``Path`` a file, ``bytes`` a file's content; ``media`` is ``image`` or ``text`` and is told from the bytes
        when left out. Raises InputError when the store holds nothing yet or no page of the content can be read.
        """
        return next(self.match_many([content], media, on))

    def match_many(self, contents: Iterable[str | bytes | Path], media: str | None = None, on: date | None = None) -> Iterator[list[Match]]:
        """As ``match``, one list for each of ``contents`` in order."""
        for screened in self.screen(contents, media, on):
            if screened.unreadable is not None:
                en, ja = screened.unreadable
                raise InputError(f"{screened.item}: {en}.", f"{screened.item}：{ja}。")
            yield screened.matches

    def screen(self, contents: Iterable[str | bytes | Path], media: str | None = None, on: date | None = None) -> Iterator[Screened]:
        """As ``match_many``, but content that cannot be read is an answer with the reason, and a work that matches everything is set apart."""
        if not self.store.exists:
            shown = self.store.url.render_as_string()
            raise InputError(
                f"There is no works store at {shown}. Register works first, or check the path.",
                f"{shown} に著作物ストアがありません。先に登録するか、場所を確かめてください。",
            )
        chosen = settings.read(self.store)
        brake = Brake(chosen)
        for content in contents:
            yield brake.watch(self.matcher.screen(content, pages.of(content, media), chosen.threshold, on or today()))


def today() -> date:
    """The day in Universal Time."""
    return datetime.now(UTC).date()
