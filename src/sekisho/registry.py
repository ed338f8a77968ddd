"""Asks a works store about the items of a run: what it says becomes claims, and columns that show where each work was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sekisho.addresses import Addresses
from sekisho.by_name import Names
from sekisho.cases import Casebook, Places
from sekisho.claims import facts
from sekisho.datasets import Batch
from sekisho.errors import RunError
from sekisho.formats.reading import Reading
from sekisho.matched import Asked, Claimed, freed_in, key, public_domain
from sekisho.origins import country_of
from sekisho.tables import Values, stricter

if TYPE_CHECKING:
    from sekisho.works import Works
    from sekisho.works.in_rows import Find, Finder, Found, Standing

FILE = "works.parquet"
"""Where a run keeps what stood behind the works that it found."""
FIND = pa.struct(
    [
        ("work", pa.string()),
        ("level", pa.string()),
        ("score", pa.float32()),
        ("by", pa.string()),
        ("item_region", pa.list_(pa.float64())),
        ("work_region", pa.list_(pa.float64())),
        ("page", pa.int32()),
    ]
)
NOTHING = frozenset[Claimed]()
WORKS_COLUMN = pa.field("sekisho_works", pa.list_(pa.string()))
"""The works that a row makes claims for, by id."""
MATCHES_COLUMN = pa.field("sekisho_matches", pa.list_(FIND))
"""Every place where a work was found, those that claim nothing too."""


WORKS = pa.schema(
    [
        *((name, pa.string()) for name in ("work", "title", "holder", "identity", "terms")),
        ("said", pa.struct([("en", pa.string()), ("ja", pa.string())])),
        ("declared", pa.date32()),
        ("creators", pa.string()),
        ("first_published", pa.string()),
        ("country", pa.string()),
        ("public_domain", pa.map_(pa.string(), pa.string())),
        ("rows", pa.int64()),
    ]
)
"""What stood behind the works of a run on its day, for whoever asks later without the store."""


@dataclass
class Told:
    """What a store said of the rows of a batch."""

    asked: NDArray[np.uint8]
    """For each row a code of Asked."""
    found: dict[int, Found] = field(default_factory=dict)
    """What was found, for the rows where something was."""
    claimed: dict[int, frozenset[Claimed]] = field(default_factory=dict)
    countries: dict[int, str] = field(default_factory=dict)
    """The country of origin of the work that stands for a row, where one is registered."""

    def places(self, own: Places, book: Casebook, given: Mapping[str, int]) -> Places:
        """The places of the rows' cases in ``book``, ``own`` being those of the items alone; ``given`` is what holds unless shown."""
        keys = list(book.places)
        groups = np.where(own >= 0, own.astype(np.int64) * (len(Asked) + 1) + self.asked, 0)
        places = own.copy()
        plain = [group for group in np.flatnonzero(np.bincount(groups)).tolist() if group % (len(Asked) + 1)]
        table = np.arange(int(groups.max(initial=0)) + 1) // (len(Asked) + 1)
        table[plain] = book.place([_key(keys, group, NOTHING, given) for group in plain])
        asked = (own >= 0) & (self.asked > 0)
        places[asked] = table[groups[asked]]
        claiming = [row for row in self.claimed if asked[row] and self.claimed[row]]
        places[claiming] = book.place([_key(keys, int(groups[row]), self.claimed[row], given) for row in claiming])
        return places

    def columns(self, rows: Sequence[int]) -> dict[str, pa.Array]:
        """The columns of ``rows``."""
        found = [self.found.get(row) for row in rows]
        works = [sorted(one.whole | one.parts | one.doubtful) or None if one else None for one in found]
        finds = [[_shown(find) for find in one.finds] or None if one else None for one in found]
        return {WORKS_COLUMN.name: pa.array(works, WORKS_COLUMN.type), MATCHES_COLUMN.name: pa.array(finds, MATCHES_COLUMN.type)}


class Registry:
    """A works store as one run asks it. ``told`` is the last day whose declarations count, ``stated`` what the user's tables say of works."""

    def __init__(self, works: Works, on: date, told: date, jurisdictions: Sequence[str], stated: Mapping[str, Values]) -> None:
        from sekisho.works.in_rows import Finder  # noqa: PLC0415 - an extra: only loaded with a store

        self.finder: Finder = Finder(works, told)
        self.on = on
        self.jurisdictions = tuple(jurisdictions)
        self.stated = stated
        self._names = Names(self.finder)
        self._claims: dict[tuple[str, str], Claimed | None] = {}

    def told(self, batch: Batch, addresses: Addresses, readings: Mapping[int, Reading]) -> Told:
        """What the store says of the rows of ``batch``; ``readings`` are the texts in hand."""
        told = Told(np.zeros(batch.table.num_rows, np.uint8))
        for row, found in self._by_content(batch, readings):
            told.asked[row] = (Asked.UNREADABLE if found.unreadable else Asked.ANSWERED).value
            _note(told, row, found)
        for rows, said in self._names.registered(batch.table, addresses):
            told.asked[rows] = np.maximum(told.asked[rows], Asked.ANSWERED.value)
            for row, found in said.items():
                _note(told, row, found)
        self.finder.standing(work for found in told.found.values() for work in found.whole | found.parts | found.doubtful)
        told.claimed = {row: self._claimed(found) for row, found in told.found.items()}
        told.countries = {row: country for row, found in told.found.items() if (country := self._country(found))}
        return told

    def table(self, rows: Mapping[str, int]) -> pa.Table:
        """The works of a run by WORKS, in the order of their ids; ``rows`` says in how many rows each makes a claim."""
        standing = self.finder.standing(rows)
        return pa.Table.from_pylist([self._told(standing[work]) | {"rows": rows[work]} for work in sorted(rows)], schema=WORKS)

    def summary(self) -> dict[str, Any]:
        """What the store holds: works by terms, and for each jurisdiction how many are free and how many become free in which year."""
        from sekisho.works import prospects  # noqa: PLC0415 - loaded with the store

        store = self.finder.works.store
        freed: dict[str, Counter[str]] = {place: Counter() for place in self.jurisdictions}
        for dated, works in prospects.by_dates(store).items():
            for place in self.jurisdictions:
                freed[place][freed_in(dated, place, self.on)] += works
        return {
            "terms": prospects.by_terms(store, self.finder.told),
            "freed": {place: dict(sorted(years.items())) for place, years in freed.items()},
        }

    def _told(self, standing: Standing) -> dict[str, Any]:
        from sekisho.works.terms import TERMS_TEXT  # noqa: PLC0415 - loaded with the store

        work, said = standing
        words = TERMS_TEXT[said.terms.kind]
        return {
            "work": work.id,
            "title": work.title,
            "holder": work.holder,
            "identity": str(said.holder.identity),
            "terms": str(said.terms),
            "said": {"en": words.en, "ja": words.ja},
            "declared": None if said.on == date.min else said.on,
            "creators": "; ".join(f"{maker.name} ({maker.born or ''}-{maker.died or ''})" for maker in work.creators),
            "first_published": work.first_published,
            "country": work.country,
            "public_domain": {place: public_domain(work, place, self.on) for place in self.jurisdictions},
        }

    def _by_content(self, batch: Batch, readings: Mapping[int, Reading]) -> Iterator[tuple[int, Found]]:
        contents = {row: content for row, content in batch.contents.items() if content.body and not content.failed}
        for row in sorted({*contents, *readings}):
            if row in readings:
                body = contents[row].body if row in contents else readings[row].text.encode("utf-8", "surrogatepass")
                found = self.finder.in_text(readings[row], body)
            else:
                found = self.finder.in_bytes(contents[row].body)
            if found is not None:
                yield row, found

    def _claimed(self, found: Found) -> frozenset[Claimed]:
        """The claims of the works found in one item."""
        roles = {"whole": found.whole, "part": found.parts, "doubt": found.doubtful}
        wanted = [(work, role) for role, works in roles.items() for work in works]
        standing = self.finder.standing(work for work, _ in wanted)
        for pair in wanted:
            if pair not in self._claims:
                self._claims[pair] = self._claim(standing[pair[0]], pair[1])
        return frozenset(claim for pair in wanted if (claim := self._claims[pair]) is not None)

    def _country(self, found: Found) -> str:
        """Where the work that stands for an item comes from, by the first that says so."""
        standing = self.finder.standing(found.whole)
        return next((country for work in sorted(found.whole) if (country := country_of(standing[work].work.country))), "")

    def _claim(self, standing: Standing, role: str) -> Claimed | None:
        """One work as facts; a work that may be in the item claims nothing where its holder allows the use."""
        from sekisho.works import terms  # noqa: PLC0415 - loaded with the store

        work, said = standing
        words = terms.facts(said.terms, said.holder.identity)
        if role == "doubt":
            if words["registry_terms"].startswith("allow"):
                return None
            words = {"registry_terms": "unreadable"}
        if work.kind.lower() in facts()["content_kind"].codes:
            words["content_kind"] = work.kind.lower()
        shown = {name: facts()[name].codes[value] for name, value in words.items()}
        stated = self.stated.get(work.id, {})
        shown |= {name: stricter(name, shown.get(name, 0), code) for name, code in stated.items() if name != "pd"}
        free = tuple(stated.get("pd") or facts()["pd"].codes[public_domain(work, place, self.on)] for place in self.jurisdictions)
        return Claimed(role == "whole", tuple(sorted(shown.items())), free)


def _key(keys: Sequence[bytes], group: int, claimed: Iterable[Claimed], given: Mapping[str, int]) -> bytes:
    """The key of the case of rows that are alike in their own case and in what the store was asked."""
    place, asked = divmod(group, len(Asked) + 1)
    return key(keys[place], claimed, Asked(asked), given)


@lru_cache(maxsize=1)
def opened(place: str) -> Works:
    """The store at ``place``, opened once a process; raises InputError when nothing was ever registered there, MissingPartError without its extra."""
    from sekisho.works import Works  # noqa: PLC0415 - an extra

    works = Works.open(place)
    works.must_exist()
    return works


@lru_cache(maxsize=1)
def digest(place: str | None) -> str:
    """The digest of all that decides in the store at ``place``, as it was first seen; empty without one."""
    return opened(place).digest if place else ""


def forget() -> None:
    """Let the next run see a store as it then is."""
    opened.cache_clear()
    digest.cache_clear()


def check(place: str | None, planned: str) -> None:
    """Raise RunError when the store is not the one that a run was planned with: its rows would be judged by two different ones."""
    if digest(place) != planned:
        raise RunError(
            "The works store has changed since the run began. Take a snapshot (sekisho works snapshot) and clear with that.",
            "実行の開始後に著作物ストアが変わりました。スナップショット（sekisho works snapshot）を作成し、それを指定して実行してください。",
        )


def rows_of(files: Iterable[Path]) -> Counter[str]:
    """In how many rows of ``files`` each work makes a claim."""
    batches = (batch for file in files for batch in pq.ParquetFile(file).iter_batches(columns=["sekisho_works"]))
    counted = Counter[str]()
    for batch in batches:
        for pair in pc.value_counts(pc.list_flatten(batch.column(0))).to_pylist():
            counted[pair["values"]] += pair["counts"]
    return counted


def _note(told: Told, row: int, found: Found) -> None:
    if found.finds or found.doubtful:
        told.found[row] = told.found[row].joined(found) if row in told.found else found


def _shown(find: Find) -> dict[str, Any]:
    return {**find._asdict(), "level": find.level or None, "item_region": list(find.item_region), "work_region": list(find.work_region)}
