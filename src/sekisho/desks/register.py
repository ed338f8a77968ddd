"""The desk that registers works: fingerprints are made here, the works stay where they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from sekisho import settings
from sekisho.works import Registered, RightsHolder, Works


def register(
    paths: Sequence[str | Path] = (),
    *,
    works: str | Path,
    holder: str | RightsHolder | None = None,
    terms: str = "ask",
    catalogue: str | Path | None = None,
    on: date | None = None,
    workers: int = 1,
    each: Callable[[Registered], None] | None = None,
) -> list[Registered]:
    """What became of each page of ``paths`` and of the rows of ``catalogue``, registered in the store ``works``.

    ``each`` is told of a page once it is durable. Raises UsageError for unknown terms, InputError for a path or catalogue that cannot be read.
    """
    return Works.open(works).register(*paths, holder=holder, terms=terms, catalogue=catalogue, on=on, workers=workers, each=each)


def called(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    works: str | os.PathLike[str],
    holder: str | RightsHolder | None,
    terms: str,
    catalogue: str | os.PathLike[str] | None,
    on: date | str | None,
    workers: int,
    each: Callable[[Registered], None] | None,
) -> list[Registered]:
    """The same, called from Python with values as people write them."""
    return register(
        [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)],
        works=os.fspath(works),
        holder=holder,
        terms=terms,
        catalogue=os.fspath(catalogue) if catalogue is not None else None,
        on=settings.day_of(on),
        workers=workers,
        each=each,
    )
