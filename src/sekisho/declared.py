"""What a data set itself declares of its rows: licence, author and publication columns become facts, marked as the data set's word.

``declared-by: dataset`` is evidence of the weakest kind: it is shown as an assumption wherever it decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from sekisho import protection, texts
from sekisho.claims import facts
from sekisho.law import Column
from sekisho.origins import country_of
from sekisho.signals.licence_terms import meaning

LICENCE = ("license", "licence", "license_url", "licence_url", "license_name", "rights", "usage_rights")
DATES = {
    "died": ("died", "death_year", "author_death_year", "author_died", "creator_death_year", "year_of_death"),
    "published": ("first_publication", "publication_year", "first_published", "published_year", "year_published"),
    "origin": ("country_of_origin", "origin_country"),
}
"""Key of a term record → the column names it is known by; bare ``year`` or ``date`` may mean anything and is left alone."""


def columns_of(schema: pa.Schema) -> dict[str, dict[str, str]]:
    """Which columns of a data set declare which fact: ``{"pd": {"died": "death_year"}, "licence_covers": {"licence": "license"}}``."""
    lower = {name.lower(): name for name in reversed(schema.names)}
    dated = {key: lower[name] for key, names in DATES.items() for name in names if name in lower}
    licence = next((lower[name] for name in LICENCE if name in lower), None)
    found = {"pd": dated} if {"died", "published"} & set(dated) else {}
    return found | ({"licence_covers": {"licence": licence}} if licence else {})


def public_domain(table: pa.Table, jurisdictions: Sequence[str], on: date) -> list[Column] | None:
    """The fact ``pd`` for each jurisdiction, counted once a distinct set of dates; None when the data set declares none."""
    named = columns_of(table.schema).get("pd")
    if not named:
        return None
    columns = {key: table.column(name).cast(pa.string()).fill_null("").to_pylist() for key, name in named.items()}
    return [_codes("pd", protection.public_domain_column(columns, code, on)) for code in jurisdictions]


def origins(table: pa.Table) -> dict[int, str]:
    """Row → country of origin (ISO 3166) as the data set declares it, where it does and the country is known."""
    lower = {name.lower(): name for name in reversed(table.column_names)}
    name = next((lower[known] for known in DATES["origin"] if known in lower), None)
    if name is None or not texts.is_text_type(table.schema.field(name).type):
        return {}
    values = texts.decoded(table.column(name))
    codes = {value: country_of(value) for value in set(values) if value}
    return {row: codes[value] for row, value in enumerate(values) if value and codes[value]}


def licence(table: pa.Table, purpose: str) -> Column | None:
    """The fact ``licence_covers``, read once a distinct licence; None when the data set declares none."""
    named = columns_of(table.schema).get("licence_covers")
    if not named:
        return None
    column = table.column(named["licence"]).cast(pa.string()).combine_chunks().dictionary_encode()
    values = [meaning(word, purpose).covers if word else "unknown" for word in column.dictionary.to_pylist()]
    return np.asarray(_codes("licence_covers", [*values, "unknown"])[column.indices.fill_null(len(values)).to_numpy()])


def _codes(name: str, values: Sequence[str]) -> Column:
    codes = facts()[name].codes
    return np.array([codes[value] for value in values], np.uint8)
