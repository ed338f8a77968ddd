"""The database under a store: SQLite in a folder, or PostgreSQL by URL when several people write. Same tables, same statements."""

from __future__ import annotations

import os
import time
import uuid
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from sekisho.errors import InputError, RunError
from sekisho.works import schema

T = TypeVar("T")

DATABASE = "works.sqlite"
WRITERS_TAKE_TURNS = 0x5EC1540  # the advisory lock under which a PostgreSQL store is written
PATIENCE_SECONDS = 60
HOPELESS = ("full", "unable to open")
"""Words of faults that waiting does not mend."""
HEAD = "0003"


class Store:
    """Where works are kept. Nothing is created before the first write; every write is one durable transaction."""

    def __init__(self, target: str | Path) -> None:
        self.target = target
        self.url = database_url(target)
        self.migrated = False
        self.found = False
        self.folder = Path(self.url.database or "").parent if self.url.drivername == "sqlite" else None

    @cached_property
    def engine(self) -> Engine:
        """The connections to the database."""
        engine = create_engine(self.url, pool_pre_ping=True)
        if self.folder is not None:
            event.listen(engine, "connect", prepare_sqlite)
            event.listen(engine, "begin", begin_sqlite)
        weakref.finalize(self, engine.dispose)  # a store needs no closing: its connections go with it
        return engine

    @property
    def exists(self) -> bool:
        """True when something was registered here before."""
        if not self.found:
            there = self.folder is None or (self.folder / DATABASE).exists()
            self.found = there and self.has_tables()
        return self.found

    def has_tables(self) -> bool:
        """True when the database holds a store's tables; raises RunError when it cannot be reached."""
        try:
            return inspect(self.engine).has_table("works")
        except DBAPIError as error:
            raise unreachable(self.url, error) from error

    @cached_property
    def number(self) -> str:
        """The store's own number, given at its creation."""
        with self.read() as connection:
            return str(connection.scalar(select(schema.settings.c.value).where(schema.settings.c.name == "store")))

    @property
    def index_folder(self) -> Path:
        """Where this machine keeps the search files, which can always be built anew from the database."""
        if self.folder is not None:
            return self.folder / "index"
        return cache_folder() / self.number

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the store, waited for while a server restarts; raises RunError when it cannot be reached."""
        try:
            self.catch_up()
            with self.patiently(self.engine.connect) as connection:
                yield connection
        except OperationalError as error:
            raise unreachable(self.url, error) from error

    def catch_up(self) -> None:
        """Bring the tables of a store up to date that an older Sekisho has written; one that is, is only read."""
        if self.migrated or not self.exists:
            return
        with self.patiently(self.engine.connect) as connection:
            current = version(connection) == HEAD
        if not current:
            self.ready()
        self.migrated = True

    def write(self, change: Callable[[Connection], T]) -> T:
        """What ``change`` gives back, its transaction durable. It runs again when the server went away, so it must not mind running twice."""
        self.ready()
        return self.patiently(lambda: self.once(change))

    def once(self, change: Callable[[Connection], T]) -> T:
        """One transaction; writers take turns, so that row numbers ascend in the order of commits."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_TAKE_TURNS})
            return change(connection)

    def patiently(self, attempt: Callable[[], T]) -> T:
        """What ``attempt`` gives back, tried for a minute while the database is restarting or locked; then RunError."""
        until = time.monotonic() + PATIENCE_SECONDS
        pause = 0.05
        while True:
            try:
                return attempt()
            except OperationalError as error:
                if time.monotonic() > until or any(words in str(error.orig) for words in HOPELESS):
                    raise unreachable(self.url, error) from error
                time.sleep(pause)
                pause = min(2 * pause, 2.0)

    def ready(self) -> None:
        """Create the store, or bring its tables up to date; done once."""
        if self.migrated:
            return
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
        self.patiently(lambda: self.once(migrate))
        self.migrated = True


def cache_folder() -> Path:
    """Where this machine keeps what can always be built anew."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "sekisho")


def database_url(target: str | Path) -> URL:
    """The database behind ``target``: a folder's SQLite file, or a PostgreSQL URL; raises InputError for any other URL."""
    if "://" not in str(target):
        return URL.create("sqlite", database=str(Path(target, DATABASE)))
    try:
        url = make_url(str(target))
    except ArgumentError as error:
        raise InputError(f"{target} is not a database URL.", f"{target} はデータベースの URL ではありません。") from error
    if url.get_backend_name() != "postgresql":
        shown = url.render_as_string()
        raise InputError(
            f"{shown}: a store is a folder or a postgresql:// URL.",
            f"{shown}：ストアにはフォルダーか postgresql:// の URL を指定してください。",
        )
    return url.set(drivername="postgresql+psycopg")


def prepare_sqlite(connection: Any, _record: object) -> None:
    """Durable commits, readers beside a writer, foreign keys; the transactions are opened by ``begin_sqlite``."""
    connection.isolation_level = None
    for pragma in (f"busy_timeout={PATIENCE_SECONDS * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: two readers that turn into writers would block each other."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def migrate(connection: Connection) -> None:
    """Bring the tables to the present shape; raises RunError when a newer Sekisho has written them."""
    found = version(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise RunError(
            "This store was written by a newer Sekisho; update it.", "このストアは新しい版の関所で書かれています。更新してください。"
        )
    upgrade(connection)
    if found is None:
        connection.execute(insert(schema.settings).values(name="store", value=uuid.uuid4().hex))


def version(connection: Connection) -> str | None:
    """The number of the last change that the tables have seen, None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgrade(connection: Connection) -> None:
    """Apply the changes that are missing."""
    from alembic import command  # noqa: PLC0415 - slow to import and needed once in a store's life
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def unreachable(url: URL, error: DBAPIError) -> RunError:
    """What to tell a person whose database does not answer."""
    shown, why = url.render_as_string(), str(error.orig).strip().splitlines()[0]
    return RunError(
        f"The store {shown} cannot be used: {why}. Check that it is there, has room, and try again; what was confirmed is kept.",
        f"ストア {shown} を使用できません：{why}。存在と空き容量を確かめて、もう一度実行してください。登録済みと表示されたものは保存されています。",
    )
