"""The fact ``pd`` for decisions: yes, no or unknown, for one work or for columns of many rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sekisho.protection.answer import Status, term
from sekisho.protection.records import work_of
from sekisho.protection.rules import Confidence
from sekisho.protection.work import Dates

FLAGS = ("anonymous", "corporate", "unpublished")
YES = {"true", "1", "yes"}
SEPARATOR = ";"
"""Between several contributors in one cell."""


def public_domain(work: Dates, country: str, on: date) -> str:
    """``yes``, ``no`` or ``unknown``: an answer of low confidence never becomes a yes. Raises UsageError for an unknown country."""
    answer = term(work, country, on)
    if answer.status is Status.PUBLIC_DOMAIN:
        return "unknown" if answer.confidence is Confidence.LOW else "yes"
    return "no" if answer.status is Status.PROTECTED else "unknown"


def public_domain_column(columns: Mapping[str, Sequence[object]], country: str, on: date) -> list[str]:
    """``public_domain`` for every row of ``columns``, which are named as the keys of a record (``died``, ``published``, ``origin`` ...).

    Each distinct row is counted once. Several contributors in a cell of ``died`` stand apart by ``;``.
    Raises UsageError where a record does, so check words such as kinds before.
    """
    names, known = list(columns), dict[tuple[str, ...], str]()
    answers = []
    for cells in zip(*(_texts(column) for column in columns.values()), strict=True):
        if cells not in known:
            known[cells] = public_domain(_row(dict(zip(names, cells, strict=True))), country, on)
        answers.append(known[cells])
    return answers


def _texts(column: Iterable[object]) -> Iterable[str]:
    return ("" if cell is None else str(cell) for cell in column)


def _row(cells: dict[str, str]) -> Dates:
    died = cells.get("died", "")
    record: dict[str, object] = {**cells, "died": died.split(SEPARATOR) if died.strip() else []}
    return work_of(record | {flag: cells[flag].strip().lower() in YES for flag in FLAGS if flag in cells})
