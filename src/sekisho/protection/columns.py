"""The fact ``pd`` for columns of many rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sekisho.errors import UsageError
from sekisho.protection import loading
from sekisho.protection.answer import public_domain
from sekisho.protection.records import work_of
from sekisho.protection.work import Dates

FLAGS = ("anonymous", "corporate", "unpublished")
YES = {"true", "1", "yes"}
SEPARATOR = ";"
"""Between several contributors in one cell."""


def public_domain_column(columns: Mapping[str, Sequence[object]], country: str, on: date) -> list[str]:
    """``public_domain`` for every row of ``columns``, which are named as the keys of a record (``died``, ``published``, ``origin`` ...).

    Each distinct row is counted once. Several contributors in a cell of ``died`` stand apart by ``;``. A row whose words are not known
    (a kind, a country of origin) is ``unknown``; raises UsageError only for a ``country`` that is not in the pack.
    """
    loading.country(country)
    names, known = list(columns), dict[tuple[str, ...], str]()
    answers = []
    for cells in zip(*(_texts(column) for column in columns.values()), strict=True):
        if cells not in known:
            known[cells] = _fact(dict(zip(names, cells, strict=True)), country, on)
        answers.append(known[cells])
    return answers


def _fact(cells: dict[str, str], country: str, on: date) -> str:
    try:
        return public_domain(_row(cells), country, on)
    except UsageError:  # a word of the data set's that we do not know
        return "unknown"


def _texts(column: Iterable[object]) -> Iterable[str]:
    return ("" if cell is None else str(cell) for cell in column)


def _row(cells: dict[str, str]) -> Dates:
    died = cells.get("died", "")
    record: dict[str, object] = {**cells, "died": died.split(SEPARATOR) if died.strip() else []}
    return work_of(record | {flag: cells[flag].strip().lower() in YES for flag in FLAGS if flag in cells})
