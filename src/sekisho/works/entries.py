"""What there is to register: files and folders as they are named on the command line, joined with the rows of a catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from sekisho.errors import InputError
from sekisho.works import records
from sekisho.works.catalogue import Line
from sekisho.works.folders import files_in
from sekisho.works.registering import Entry
from sekisho.works.store import Store
from sekisho.works.values import RightsHolder, Share, Terms, TermsKind, Work


def entries(paths: Sequence[Path], lines: Sequence[Line], base: Path, holder: RightsHolder | None, terms: Terms) -> Iterator[Entry]:
    """An entry for each file: first those of the catalogue, in its order, then the rest of ``paths`` with ``holder`` and ``terms``."""
    listed: set[Path] = set()
    for line in lines:
        if line.path:
            place = found(line, [base, *paths])
            listed |= {file.resolve() for file in files_in(place)}
            yield from (
                Entry(file, owned(line.work, holder, line.where), line.terms or terms, split=bool(line.work.shares), on=line.on)
                for file in files_in(place)
            )
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist.", f"{path} がありません。")
        for file in files_in(path):
            if file.resolve() not in listed:
                yield Entry(file, owned(Work(""), holder, str(file)), terms)


def declared(store: Store, lines: Sequence[Line], on: date) -> list[str]:
    """The ids of the works that ``lines`` describe, added with what they declare; raises InputError for a row without work or holder."""
    for line in lines:
        if not line.work.id:
            raise InputError(
                f"{line.where}: which work is meant? Name it in the column work.", f"{line.where}：work 列に作品 ID を書いてください。"
            )
    owners = [owned(line.work, None, line.where) for line in lines]

    def change(connection: Connection) -> None:
        numbers = records.add_works(connection, owners)
        said = [
            (line.on or on, records.Declaration(numbers[work.id], work.shares, line.terms or Terms(TermsKind.ASK), split=True))
            for line, work in zip(lines, owners, strict=True)
        ]
        records.declare_by_day(connection, said)

    store.write(change)
    return sorted({work.id for work in owners})


def found(line: Line, folders: Sequence[Path]) -> Path:
    """The file or folder that a row names, looked for beside the catalogue and in the named folders; where none is, the path as written."""
    places = [folder / line.path for folder in folders]
    return next((place for place in places if place.exists()), Path(line.path))


def owned(work: Work, holder: RightsHolder | None, where: str) -> Work:
    """``work`` with its holder; raises InputError when neither the row nor the command names one."""
    if work.shares:
        return work
    if holder is None:
        raise InputError(
            f"{where}: whose work is it? Name a holder.",
            f"{where}：権利者が分かりません。--holder またはカタログの holder 列で指定してください。",
        )
    return replace(work, shares=(Share(holder),))
