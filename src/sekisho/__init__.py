"""The verbs of Sekisho and the values they return; nothing else is public. What is heavy is imported when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from typing import TYPE_CHECKING, Unpack

from sekisho.version import VERSION

if TYPE_CHECKING:
    from sekisho.desks.clear import Cleared
    from sekisho.desks.judge import Judge
    from sekisho.progress import Progress
    from sekisho.settings import Choices

__version__ = VERSION
__all__ = ["clear", "judge"]


def clear(
    inputs: str | PathLike[str] | Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    *,
    workers: int | None = None,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
    **choices: Unpack[Choices],
) -> Cleared:
    """What clearing the files or folders ``inputs`` into the folder ``out`` came to, as ``sekisho clear`` does it.

    ``choices`` say what is asked of every row, in the words of the policy file (``sekisho.settings.Choices``): ``jurisdictions=["JP", "EU"]``,
    ``on="2026-11-22"``, ``observed="robots.warc.gz"``, ``policy="consent"``, ``facts={"body": "nonprofit-research"}`` … ``workers`` counts
    processes (default: one a processor); ``progress`` is told twice a second how far it is. Raises UsageError, InputError or RunError;
    after a kill the same call with ``resume=True`` completes the run to the same bytes.
    """
    from sekisho.desks import clear as desk  # noqa: PLC0415 - heavy

    return desk.called(inputs, out, choices, workers=workers, resume=resume, progress=progress)


def judge(**choices: Unpack[Choices]) -> Judge:
    """A judge for rows on their way: call it with a table, a record batch, columns or URLs, and it gives back their verdict columns.

    It answers as ``clear`` does for the same ``choices``, but reads and writes no data set, so it fits into a pipeline of one's own. It can be
    sent to other processes, and every one loads the observations for itself. Raises UsageError or InputError when a choice cannot be meant.
    """
    from sekisho.desks.judge import Judge  # noqa: PLC0415 - heavy

    return Judge.asked(choices)
