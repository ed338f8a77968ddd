"""What a store promises: how many works are offered for licence or allowed, and the dates from which their terms of protection are counted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import func, select

from sekisho.works import schema
from sekisho.works.store import Store
from sekisho.works.values import TermsKind


class Dated(NamedTuple):
    """What the term of a work's protection is counted from; ``died`` has one entry a creator, None where the year is not known."""

    country: str
    kind: str
    published: str
    died: tuple[int | None, ...]


def by_terms(store: Store, on: date) -> dict[str, int]:
    """Works by the kind of what their holders said last by the day ``on``; a work of several voices counts under each."""
    said = schema.terms.c
    place = func.row_number().over(partition_by=(said.work, said.holder), order_by=(said.declared.desc(), said.id.desc()))
    last = select(said.work, said.kind, place.label("place")).where(said.declared <= on).subquery()
    wanted = select(last.c.kind, func.count(last.c.work.distinct())).where(last.c.place == 1).group_by(last.c.kind)
    with store.read() as connection:
        counted: dict[str, int] = dict(tuple(row) for row in connection.execute(wanted))
    return {kind.value: counted.get(kind.value, 0) for kind in TermsKind}


def by_dates(store: Store) -> Counter[Dated]:
    """How many works there are with the same dates, of those whose creators are known."""
    work, made = schema.works.c, schema.creators.c
    wanted = (
        select(work.id, work.country, work.kind, work.first_published, made.died).join_from(schema.works, schema.creators).order_by(work.id)
    )
    found = Counter[Dated]()
    with store.read() as connection:
        rows = connection.execution_options(stream_results=True, yield_per=10_000).execute(wanted)
        for (_, country, kind, published), group in groupby(map(tuple, rows), key=itemgetter(0, 1, 2, 3)):
            died = sorted((row[4] for row in group), key=lambda year: year or 0)
            found[Dated(country, kind, published, tuple(died))] += 1
    return found
