"""What the contents of rows tell beside signals: the language of their texts, the works registered for them, the countries they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho import declared, language, registry, texts
from sekisho.addresses import Addresses
from sekisho.cases import Casebook, Places
from sekisho.claims import facts
from sekisho.datasets import Batch
from sekisho.language import Measured
from sekisho.matched import OF_THE_ITEM
from sekisho.registry import Registry, Told
from sekisho.tallies import Tally

LANGUAGE = pa.field("sekisho_language", pa.string())

NAMES = (LANGUAGE.name, registry.WORKS_COLUMN.name, registry.MATCHES_COLUMN.name)


def schema(columns: pa.Schema, *, works: bool) -> pa.Schema:
    """The columns that stand beside those of a data set: the language where texts may be in hand, places where registered works are looked for."""
    told = [LANGUAGE] if texts.column(columns) or "media" in columns.names else []
    return pa.schema([*told, registry.WORKS_COLUMN, *([registry.MATCHES_COLUMN] if works else [])])


@dataclass(frozen=True)
class Read:
    """What the contents of a batch tell."""

    measured: Mapping[int, Measured]
    """Row → language and size of its text."""
    told: Told | None
    stated: Mapping[int, str]
    """Row → the country that the data set states for it, or the registered work that it is."""

    def places(self, own: Places, book: Casebook, given: Mapping[str, str]) -> Places:
        """The places of the rows' cases in ``book``, ``own`` being those of the items alone; ``given`` are facts that hold unless shown."""
        codes = {name: facts()[name].codes[given[name]] for name in OF_THE_ITEM if name in given}
        return self.told.places(own, book, codes) if self.told else own

    def columns(self, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        """The columns of ``rows``."""
        kinds = (LANGUAGE, registry.WORKS_COLUMN, registry.MATCHES_COLUMN)
        nothing = {field.name: pa.nulls(len(rows), field.type) for field in kinds}
        told = self.told.columns(rows.tolist()) if self.told and self.told.found else {}
        return nothing | self._languages(rows) | told

    def _languages(self, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
        found = [one.language if (one := self.measured.get(row)) else None for row in rows.tolist()] if self.measured else []
        return {LANGUAGE.name: pa.array(found, LANGUAGE.type)} if found else {}


@dataclass
class Contents:
    """Reads the contents of a run's batches, one after the other, and counts what they are."""

    registry: Registry | None = None
    tally: Tally = field(default_factory=Tally)

    def read(self, batch: Batch, addresses: Addresses) -> Read:
        """What the contents of ``batch``, whose rows lie at ``addresses``, tell."""
        readings = dict(texts.readings(batch))
        sizes = language.measured(reading.text for reading in readings.values())
        told = self.registry.told(batch, addresses, readings) if self.registry else None
        stated = declared.origins(batch.table) | (told.countries if told else {})
        return Read(dict(zip(readings, sizes, strict=True)), told, stated)

    def count(self, read: Read, places: Places, addresses: Addresses) -> None:
        """Count the rows of a batch under their cases."""
        self.tally.texts(places, read.measured)
        self.tally.rows(places, addresses.authorities, addresses.codes, read.measured, read.stated)
