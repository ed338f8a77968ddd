"""What there is to register: files and folders as they are named on the command line, joined with the rows of a catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sekisho.errors import InputError
from sekisho.works.catalogue import Line
from sekisho.works.registering import Entry
from sekisho.works.values import RightsHolder, Share, Terms, Work

LEFT_OUT = {".csv", ".json", ".jsonld", ".xml", ".opf", ".db", ".ini"}


def files_in(path: Path) -> Iterator[Path]:
    """The files under ``path`` in order of their names; hidden ones and lists are left out, links are followed no second time."""
    if not path.is_dir():
        yield path
        return
    seen: set[tuple[int, int]] = set()
    for folder, below, names in os.walk(path, followlinks=True):
        here = os.stat(folder)  # noqa: PTH116 - os.walk speaks in strings
        if (here.st_dev, here.st_ino) in seen:
            below.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith(".") and Path(name).suffix.lower() not in LEFT_OUT)


def entries(paths: Sequence[Path], lines: Sequence[Line], base: Path, holder: RightsHolder | None, terms: Terms) -> Iterator[Entry]:
    """An entry for each file: first those of the catalogue, in its order, then the rest of ``paths`` with ``holder`` and ``terms``."""
    listed: set[Path] = set()
    for line in lines:
        if line.path:
            place = found(line, [base, *paths])
            listed |= {file.resolve() for file in files_in(place)}
            yield from (
                Entry(file, owned(line.work, holder, line.where), line.terms or terms, split=bool(line.work.shares))
                for file in files_in(place)
            )
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist.", f"{path} がありません。")
        for file in files_in(path):
            if file.resolve() not in listed:
                yield Entry(file, owned(Work(""), holder, str(file)), terms)


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
