"""From files to what the store keeps of them, in as many processes as asked for; one bad file stops nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from iscc_lib import gen_data_code_v0, gen_image_code_v0, gen_instance_code_v0, gen_iscc_code_v0
from sqlalchemy import bindparam, select

from sekisho.fingerprints import Content, Unfit, for_media
from sekisho.fingerprints.picture import SIDE, Picture
from sekisho.model import Text
from sekisho.works import pages, schema
from sekisho.works.store import Store
from sekisho.works.values import Creator, Scanned

ROUND = 64  # files handed to each process at a time
LARGE = 8 << 20  # bytes from which on the pages of one volume are shared among the processes
BROKE_OFF = Text(
    "reading it broke off the process: the file is hostile or too large",
    "読み取り中にプロセスが異常終了しました（不正なファイルか、大きすぎるファイルです）",
)
ISCC_SIDE = 32
PARTS_OF_A_PAGE = (
    select(schema.fingerprints.c.part)
    .select_from(schema.fingerprints.join(schema.files).join(schema.works))
    .where(schema.files.c.digest == bindparam("digest"), schema.works.c.key == bindparam("work"), schema.files.c.page == bindparam("page"))
)


class Task(NamedTuple):
    """One file to look at, and the id of the work it is for; empty: it is a work of its own, named after its content."""

    path: Path
    work: str = ""
    turn: int = 0
    turns: int = 1
    """Of a volume that several processes share, every ``turns``-th page from number ``turn`` on."""


class Looked(NamedTuple):
    """The pages of one file, and the id of the work that they are for."""

    path: Path
    work: str
    pages: list[Scanned]


def looked(tasks: Iterable[Task], store: Store, workers: int) -> Iterator[Looked]:
    """What the files of ``tasks`` hold, in order; pages that ``store`` holds already are not looked at again."""
    todo = iter(tasks)
    if workers <= 1:
        yield from (look(task, store) for task in todo)
        return
    crew = Crew(store, workers)
    try:
        while batch := list(islice(todo, ROUND * workers)):
            yield from crew.look(batch)
    finally:
        crew.pool.shutdown(cancel_futures=True)


class Crew:
    """Several processes; when a file takes one down, the rest of its round is looked at one by one, so that the file is found."""

    def __init__(self, store: Store, workers: int) -> None:
        self.store = store
        self.workers = workers
        self.pool = hired(workers)

    def look(self, batch: list[Task]) -> Iterator[Looked]:
        """What the files of ``batch`` hold, in order."""
        found = [[self.pool.submit(look_from, self.store.target, part) for part in shared(task, self.workers)] for task in batch]
        broken = False
        for task, parts in zip(batch, found, strict=True):
            try:
                yield joined([part.result() for part in parts])
            except BrokenProcessPool:
                if not broken:
                    self.pool = hired(1)
                    broken = True
                yield self.alone(task)
        if broken:
            self.pool.shutdown()
            self.pool = hired(self.workers)

    def alone(self, task: Task) -> Looked:
        """One file with no other beside it; refused when it takes the process down."""
        try:
            return self.pool.submit(look_from, self.store.target, task).result()
        except BrokenProcessPool:
            self.pool = hired(1)
            return Looked(task.path, task.work, [Scanned(str(task.path), 0, "", refused=BROKE_OFF)])


def shared(task: Task, workers: int) -> list[Task]:
    """``task``, or the turns of ``workers`` processes at it where it is a large volume."""
    try:
        large = task.path.stat().st_size >= LARGE and pages.is_paged(task.path)
    except OSError:
        large = False
    return [task._replace(turn=turn, turns=workers) for turn in range(workers)] if large else [task]


def joined(parts: list[Looked]) -> Looked:
    """The turns at one file as one: its pages in order, each once."""
    if len(parts) == 1:
        return parts[0]
    each = {page.page: page for part in parts for page in part.pages}
    return Looked(parts[0].path, next((part.work for part in parts if part.work), ""), [each[number] for number in sorted(each)])


def hired(workers: int) -> ProcessPoolExecutor:
    """Processes that know nothing of this one's connections."""
    return ProcessPoolExecutor(workers, get_context("spawn"))


@cache
def store_at(target: str | Path) -> Store:
    """This process's own connection to the store."""
    return Store(target)


def look_from(target: str | Path, task: Task) -> Looked:
    """``look``, in another process."""
    return look(task, store_at(target))


def look(task: Task, store: Store) -> Looked:
    """The pages of one file; a file that cannot be opened is a page with the reason."""
    work = task.work
    found = []
    try:
        for page in pages.of(task.path):
            content = page.content
            if not work and isinstance(content, Content):
                work = task.work or name_of(task.path, content)
            if page.number % task.turns != task.turn:
                continue
            found.append(scanned(task.path, page, Known(store, work)))
    except OSError as error:
        reason = Text(f"cannot be opened: {error.strerror}", f"開けません：{error.strerror}")
        found.append(Scanned(str(task.path), 0, "", refused=reason))
    fit = [page for page in found if page.refused is None]
    return Looked(task.path, work, found if not fit else [page for page in found if page.refused is None or page.page])


def name_of(path: Path, content: Content) -> str:
    """The id of a work that nobody named: its first page's digest, so that twice is the same work."""
    return f"{path.stem}-{content.digest.hex()[:12]}"


class Known(NamedTuple):
    """What a store holds of one work."""

    store: Store
    work: str

    def has(self, content: Content, page: int) -> bool:
        """Whether this page is there with all its fingerprints."""
        if not self.store.exists:
            return False
        page_of = {"digest": content.digest, "work": self.work, "page": page}
        with self.store.read() as connection:
            return set(for_media(content.media)) <= set(connection.scalars(PARTS_OF_A_PAGE, page_of))


def scanned(path: Path, page: pages.Page, known: Known) -> Scanned:
    """One page as the store keeps it; refused as soon as one fingerprint says that it cannot be recognised by its content."""
    content = page.content
    if isinstance(content, Unfit):
        return Scanned(str(path), page.number, "", refused=content.reason)
    if known.has(content, page.number):
        return Scanned(str(path), page.number, content.media, content.digest, already=True)
    prints = {}
    for name, part in for_media(content.media).items():
        made = part.of(content)
        if isinstance(made, Unfit):
            return Scanned(str(path), page.number, content.media, refused=made.reason)
        prints[name] = made
    return Scanned(str(path), page.number, content.media, content.digest, iscc_of(content), prints, **said(content))


def said(content: Content) -> dict[str, Any]:
    """Title, creators and source edition as a text file names them, and the encoding that it is in."""
    if content.media != "text":
        return {}
    read = content.reading
    creators = tuple(Creator(one.name, role=one.role) for one in read.authors)
    return {"title": read.title, "creators": creators, "edition": read.edition, "encoding": content.encoding}


def iscc_of(content: Content) -> str:
    """The ISCC-CODE (ISO 24138) of a file, for exchange; empty for a page that has no bytes of its own."""
    if content.drawn:
        return ""
    units = [gen_data_code_v0(content.raw).iscc, gen_instance_code_v0(content.raw).iscc]
    if content.media == "image" and isinstance(content.picture, Picture):
        cells = SIDE // ISCC_SIDE
        small = content.picture.grid.reshape(ISCC_SIDE, cells, ISCC_SIDE, cells).mean(axis=(1, 3))
        units.insert(0, gen_image_code_v0(small.round().astype("uint8").tobytes()).iscc)
    return str(gen_iscc_code_v0(units).iscc)
