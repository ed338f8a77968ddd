"""Registered works, their holders and terms; finds the works an item resembles. The works themselves stay where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sekisho.errors import InputError, MissingPartError, UsageError

try:
    import sqlalchemy  # noqa: F401 - asked first, so that a missing extra is said in words
except ModuleNotFoundError as error:
    raise MissingPartError(
        "The works store needs more than the core: pip install 'sekisho[works]'.",
        "著作物ストアには追加の部品が必要です：pip install 'sekisho[works]' を実行してください。",
    ) from error

from sqlalchemy import Connection, select

from sekisho.fingerprints import Closeness, fingerprints
from sekisho.works import catalogue as catalogues
from sekisho.works import pages, records, schema, settings, state
from sekisho.works import terms as terms_
from sekisho.works.entries import declared, entries
from sekisho.works.guard import Guard
from sekisho.works.matching import Brake, Matcher, Screened
from sekisho.works.registering import marked, registered
from sekisho.works.store import Store, cache_folder
from sekisho.works.terms import standing
from sekisho.works.values import Declared, Identity, Match, Registered, RightsHolder, Terms, TermsKind, Work

__all__ = [
    "Closeness",
    "Declared",
    "Guard",
    "Identity",
    "Match",
    "Registered",
    "RightsHolder",
    "Screened",
    "Terms",
    "TermsKind",
    "Work",
    "Works",
]


class Works:
    """A store of works. Opening creates nothing; registering does."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.matcher = Matcher(store)

    @classmethod
    def open(cls, store: str | Path, signer: str | None = None) -> Works:
        """The store in a folder, behind a ``postgresql://`` URL, or in a snapshot file (signed by the public key ``signer``, if one is named).

        Raises InputError for any other URL, and for a snapshot whose signature does not hold.
        """
        if "://" not in str(store) and Path(store).is_file():
            from sekisho.works import snapshot  # noqa: PLC0415 - few stores are snapshots, and reading them needs much

            return cls(snapshot.unpacked(Path(store), cache_folder(), signer))
        return cls(Store(store))

    def must_exist(self) -> None:
        """Raise InputError when nothing was ever registered here: an empty answer from a misspelt path would read as an allow."""
        if not self.store.exists:
            shown = self.store.url.render_as_string()
            raise InputError(
                f"There is no works store at {shown}. Register works first, or check the path.",
                f"{shown} に著作物ストアがありません。先に登録するか、場所を確かめてください。",
            )

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
        self.must_exist()
        chosen, day = self.settings, on or today()
        brake = Brake(chosen)
        self.matcher.renew(day)
        for content in contents:
            yield brake.watch(self.matcher.screen(content, pages.of(content, media), chosen.threshold, day))

    def guard(self, least: int = 26, quotation: int = 0, on: date | None = None) -> Guard:
        """A guard for one output that is being generated: ``feed`` it the pieces, it tells when a passage of a protected work has begun.

        ``least`` is the shortest passage told, in characters of Japanese (twice as many letters of an alphabet); ``quotation`` how many
        characters of one work may pass in all. Raises InputError when there is no store, UsageError when ``least`` is below 16.
        """
        self.must_exist()
        return Guard(self.matcher, on or today(), least, quotation)

    def declare(self, ids: Iterable[str], terms: str, holder: str | RightsHolder | None = None, on: date | None = None) -> list[str]:
        """The works of ``ids`` for which ``terms`` hold from the day ``on`` (today), said by ``holder`` or by all holders; the others are not there.

        Raises UsageError for unknown terms, and for a holder who is none of a work's.
        """
        said, day = terms_.parse(terms), on or today()
        found = self.works(ids, day)
        voices = {work.id: voice_of(work, holder) for work in found.values()}

        def change(connection: Connection) -> None:
            numbers = records.work_numbers(connection, list(found))
            told = [records.Declaration(numbers[key], work.shares, said, split=False, by=voices[key]) for key, work in found.items()]
            records.declare(connection, told, day)

        self.store.write(change)
        return sorted(found)

    def take_in(self, catalogue: str | Path, on: date | None = None) -> list[str]:
        """The ids of the works that the rows of ``catalogue`` describe and declare terms for, with or without files.

        Raises InputError for a row that names no work, no holder or cannot be understood.
        """
        lines = catalogues.load(Path(catalogue))
        return declared(self.store, lines, on or today())

    def files(self, work: str) -> list[tuple[bytes, str]]:
        """Digest (SHA-256 of the bytes) and ISCC code of each file of ``work``."""
        wanted = select(schema.files.c.digest, schema.files.c.iscc).join(schema.works).where(schema.works.c.key == work)
        with self.store.read() as connection:
            return [(bytes(digest), iscc) for digest, iscc in connection.execute(wanted.order_by(schema.files.c.id))]

    def lacking(self) -> dict[str, int]:
        """How many files a kind of fingerprint should know and does not, by its name: they were registered before there was such a kind."""
        with self.store.read() as connection:
            files, known = (records.counts(connection, column) for column in (schema.files.c.media, schema.fingerprints.c.part))
        wanted = {name: sum(files.get(media, 0) for media in part.MEDIA) for name, part in fingerprints().items()}
        return {name: count - known.get(name, 0) for name, count in wanted.items() if count > known.get(name, 0)}

    def mark_harmless(self, *paths: str | Path) -> list[Registered]:
        """What became of each page of ``paths``: known to be harmless (a logo, a blank page, a stock texture), nothing matches through it."""
        return marked(self.store, [Path(path) for path in paths])

    def all(self, on: date | None = None) -> Iterator[tuple[Work, Declared | None]]:
        """Every work in the order of registration, with what decides for it on the day ``on`` (today)."""
        with self.store.read() as connection:
            keys = list(connection.scalars(select(schema.works.c.key).order_by(schema.works.c.id)))
        for some in records.batches(keys):
            works, said = self.works(some, on), self.terms(some, on)
            yield from ((works[key], said.get(key)) for key in some)

    @property
    def digest(self) -> str:
        """A digest of all that decides here: works, files, terms and settings; equal for a copy, another after any change."""
        return state.digest(self.store, self.settings)

    @property
    def settings(self) -> settings.Settings:
        """What the store's owner has set."""
        return settings.read(self.store)

    def works(self, ids: Iterable[str], on: date | None = None) -> dict[str, Work]:
        """The works called ``ids``, of those that are there, with their shares on the day ``on`` (today)."""
        with self.store.read() as connection:
            numbers = records.work_numbers(connection, list(ids))
            return {work.id: work for work in records.works_of(connection, list(numbers.values()), on or today()).values()}

    def terms(self, ids: Iterable[str], on: date | None = None) -> dict[str, Declared]:
        """What decides for each of the works ``ids`` on the day ``on`` (today); works of which nothing had been said are left out."""
        day = on or today()
        with self.store.read() as connection:
            numbers = records.work_numbers(connection, list(ids))
            said = records.declarations(connection, list(numbers.values()))
            shares = records.shares_of(connection, list(numbers.values()), day)
        deciding = {key: standing(said.get(number, []), shares.get(number, ()), day) for key, number in numbers.items()}
        return {key: declared for key, declared in deciding.items() if declared is not None}

    def at_urls(self, urls: Iterable[str]) -> dict[str, list[str]]:
        """The ids of the works registered with each of ``urls``."""
        with self.store.read() as connection:
            return records.works_by(connection, schema.addresses.c.url, urls)

    def of_digests(self, digests: Iterable[bytes]) -> dict[bytes, list[str]]:
        """The ids of the works that have a file with each of ``digests`` (SHA-256 of the bytes)."""
        with self.store.read() as connection:
            return records.works_by(connection, schema.files.c.digest, digests)

    def of_isccs(self, isccs: Iterable[str]) -> dict[str, list[str]]:
        """The ids of the works that have a file with each of ``isccs``, the same code to the letter."""
        with self.store.read() as connection:
            return records.works_by(connection, schema.files.c.iscc, isccs)


def voice_of(work: Work, holder: str | RightsHolder | None) -> RightsHolder | None:
    """The holder of ``work`` who is meant; raises UsageError when there is none of that name."""
    if holder is None:
        return None
    name = holder if isinstance(holder, str) else holder.name
    found = next((share.holder for share in work.shares if share.holder.name == name), None)
    if found is None:
        raise UsageError(
            f"{name} is no holder of {work.id} ({work.holder}).", f"{name} は {work.id} の権利者（{work.holder}）ではありません。"
        )
    return found


def today() -> date:
    """The day in Universal Time."""
    return datetime.now(UTC).date()
