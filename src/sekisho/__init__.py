"""The verbs of Sekisho and the values they return; nothing else is public. What is heavy is imported when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from sekisho.version import VERSION

if TYPE_CHECKING:
    from sekisho.desks.clear import Cleared
    from sekisho.desks.judge import Judge
    from sekisho.desks.screen import Answer
    from sekisho.progress import Progress
    from sekisho.settings import Choices
    from sekisho.works import Registered, RightsHolder

__version__ = VERSION
__all__ = ["clear", "judge", "register", "screen"]


def clear(
    inputs: str | PathLike[str] | Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    *,
    engine: str = "local",
    workers: int | None = None,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
    **choices: Unpack[Choices],
) -> Cleared:
    """What clearing the files or folders ``inputs`` into the folder ``out`` came to, as ``sekisho clear`` does it.

    ``choices`` say what is asked of every row, in the words of the policy file (``sekisho.settings.Choices``): ``jurisdictions=["JP", "EU"]``,
    ``on="2026-11-22"``, ``observed="robots.warc.gz"``, ``policy="consent"``, ``facts={"body": "nonprofit-research"}`` … ``workers`` counts
    processes (default: one a processor), or ``engine="ray"`` or ``"ray=ADDRESS"`` has Ray do the work; ``progress`` is told twice a second how far it is. Raises UsageError, InputError or RunError;
    after a kill the same call with ``resume=True`` completes the run to the same bytes.
    """
    from sekisho.desks import clear as desk  # noqa: PLC0415 - heavy

    return desk.called(inputs, out, choices, engine=engine, workers=workers, resume=resume, progress=progress)


def judge(**choices: Unpack[Choices]) -> Judge:
    """A judge for rows on their way: call it with a table, a record batch, columns or URLs, and it gives back their verdict columns.

    It answers as ``clear`` does for the same ``choices``, but reads and writes no data set, so it fits into a pipeline of one's own. It can be
    sent to other processes, and every one loads the observations for itself. Raises UsageError or InputError when a choice cannot be meant.
    """
    from sekisho.desks.judge import Judge  # noqa: PLC0415 - heavy

    return Judge.asked(choices)


def register(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    *,
    works: str | PathLike[str],
    holder: str | RightsHolder | None = None,
    terms: str = "ask",
    catalogue: str | PathLike[str] | None = None,
    on: str | None = None,
    workers: int = 1,
    each: Callable[[Registered], None] | None = None,
) -> list[Registered]:
    """What became of every page of ``paths`` and of the rows of ``catalogue``, registered in the store ``works``, as ``sekisho register`` does it.

    ``terms`` are ``no``, ``ask``, ``credit``, ``yes`` or ``offer:JPY:100``, in force from the day ``on`` (default today); ``each`` is told of a
    page once it is durable. Registering twice is harmless. Raises UsageError or InputError.
    """
    from sekisho.desks import register as desk  # noqa: PLC0415 - heavy

    return desk.called(paths, works=works, holder=holder, terms=terms, catalogue=catalogue, on=on, workers=workers, each=each)


def screen(
    contents: str | bytes | Path | Iterable[str | bytes | Path],
    *,
    works: str | PathLike[str],
    media: str | None = None,
    jurisdictions: Sequence[str] = (),
    on: str | None = None,
    policy: str = "signals",
    facts: Mapping[str, str] | None = None,
    trained_on: str | PathLike[str] | None = None,
) -> Iterator[Answer]:
    """An answer for each of ``contents`` in order: which registered works it contains, where and how close, and what follows.

    A ``str`` is a text, ``bytes`` the content of a file, a ``Path`` a file. Without ``jurisdictions`` the holders' terms alone decide; with them the
    law is asked at the stage ``output`` on the day ``on`` (default today), ``facts`` being known beside. Raises UsageError or InputError.
    """
    from sekisho.desks import screen as desk  # noqa: PLC0415 - heavy

    return desk.called(
        contents, works=works, media=media, jurisdictions=jurisdictions, on=on, policy=policy, facts=facts, trained_on=trained_on
    )
