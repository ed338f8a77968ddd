"""Judges batches of rows: columns in, verdict columns out, no Python object a row but for what is odd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho import claims, declared, texts
from sekisho.addresses import Addresses
from sekisho.captured import moments
from sekisho.cases import NO_CASE, Casebook, Places, keys_of
from sekisho.claims import LOCAL, facts
from sekisho.contents import Contents, Read
from sekisho.datasets import Batch, column
from sekisho.facts import ASSUMPTIONS
from sekisho.kernels.locations import NOWHERE
from sekisho.law import Column
from sekisho.locations import Locations, Voices
from sekisho.plan import Options
from sekisho.policy import ALLOW
from sekisho.tables import FactTable, stricter

STRICTER_LAST = {"unknown": 0, "no": 1, "unreadable": 2, "general": 3, "yes": 4}
"""Of an opt-out seen and one stated by the user, the one further down counts."""
DIGEST_COLUMNS = ("sha256", "digest", "sha1", "md5", "hash")
NOT_A_URL = "not a URL"
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Answers:
    """The answers for a batch; ``kept`` says which rows may be used everywhere, ``columns`` gives the verdict columns of any of them."""

    judge: Judge
    addresses: Addresses
    voices: Voices
    cases: Places
    problems: Mapping[int, str]
    read: Read
    kept: NDArray[np.bool_]

    def columns(self, rows: Rows | None = None) -> dict[str, pa.Array]:
        """The verdict columns of ``rows`` (all of them when it is None), words as dictionaries."""
        chosen = np.arange(len(self.cases)) if rows is None else rows
        columns = self.judge.casebook.columns(self.cases[chosen])
        if self.problems:
            columns["sekisho_reason"] = self._with_problems(columns["sekisho_reason"], chosen)
        return columns | self.read.columns(chosen) | {"sekisho_evidence": self.judge.locations.evidence(self.voices, chosen)}

    def _with_problems(self, reason: pa.DictionaryArray, rows: Rows) -> pa.DictionaryArray:
        """The reasons with what stood in the way where a row could not be read."""
        stopped = np.array(sorted(self.problems), np.int64)
        places = np.searchsorted(rows, stopped)
        here = np.flatnonzero(rows.take(places, mode="clip") == stopped) if len(rows) else np.zeros(0, np.int64)
        words = pa.array([self.problems[int(row)] for row in stopped[here]], pa.string()).dictionary_encode()
        codes = reason.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32)
        codes[places[here]] = len(reason.dictionary) + words.indices.to_numpy()
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.concat_arrays([reason.dictionary, words.dictionary]))


class _Shown(NamedTuple):
    """What rows show beside what was heard at their addresses: codes of facts by row, and ``pd`` by jurisdiction where dates show it."""

    columns: dict[str, Column]
    public_domain: list[Column]

    def all(self) -> list[Column]:
        return [*self.columns.values(), *self.public_domain]

    def take(self, rows: Rows) -> _Shown:
        return _Shown({name: column[rows] for name, column in self.columns.items()}, [column[rows] for column in self.public_domain])


@dataclass
class Judge:
    """Judges batches of one run, one after the other; remembers cases and voices between them."""

    options: Options
    locations: Locations
    casebook: Casebook
    tables: FactTable = field(default_factory=FactTable)
    contents: Contents = field(default_factory=Contents)
    _places: dict[int, int] = field(default_factory=dict)
    """The case of what was heard, for rows that show nothing else."""

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Rows by verdict, jurisdiction, reason, condition and case so far."""
        return self.casebook.counts

    def answers(self, batch: Batch) -> Answers:
        """The answers for ``batch``; what cannot be read, and what has no address, is ``unknown`` with the reason."""
        addresses = self.locations.split(self._urls(batch.table))
        placed = texts.placed(batch.table, self.options.url_column)
        voices = self.locations.of(addresses, moments(batch.table), batch.contents, placed)
        readable = voices.heard != NOWHERE
        readable[list(batch.unreadable)] = False
        unread = dict.fromkeys(np.flatnonzero(~readable).tolist(), NOT_A_URL)
        cases = self._cases(np.where(readable, voices.heard, NOWHERE), self._shown(addresses, batch.table))
        read = self.contents.read(batch, addresses)
        cases = read.places(cases, self.casebook, self._given)
        problems = unread | dict(batch.unreadable)
        self.casebook.count(cases, problems)
        self.contents.count(read, cases, addresses)
        return Answers(self, addresses, voices, cases, problems, read, self.casebook.verdicts(cases) == ALLOW)

    def _urls(self, table: pa.Table) -> pa.ChunkedArray | pa.Array:
        """The column of addresses; none in a data set of texts that has no such column."""
        name = texts.address_column(table.schema, self.options.url_column)
        return column(table, name) if name else pa.nulls(table.num_rows, pa.string())

    def _shown(self, addresses: Addresses, table: pa.Table) -> _Shown:
        """What columns of the data set and the user's tables say of the rows."""
        columns: dict[str, Column] = {}
        covered = declared.licence(table, self.options.purpose)
        if covered is not None:
            columns["declared"] = covered
        for rows, values in self.tables.about(addresses, _digests(table)):
            for name, code in values.items():
                column = columns.setdefault(name, np.zeros(len(addresses.codes), np.uint8))
                column[rows] = [stricter(name, int(seen), code) for seen in column[rows]]
        kinds = _content_kinds(table)
        if kinds is not None:
            columns["content_kind"] = kinds
        return _Shown(columns, declared.public_domain(table, self.options.jurisdictions, self.options.on) or [])

    def _cases(self, heard: NDArray[np.int32], shown: _Shown) -> Places:
        """The place of each row's case in the casebook: rows that heard and show the same are judged once."""
        if not shown.all():
            return self._of_heard(heard)
        first, group = _distinct(heard, shown.all())
        read = heard[first] != NOWHERE
        places = np.full(len(first), NO_CASE, np.int32)
        places[read] = self.casebook.place(self._keys(heard[first][read], shown.take(first[read])))
        return places.take(group)

    def _of_heard(self, heard: NDArray[np.int32]) -> Places:
        """The same where rows show nothing but what they heard."""
        met = np.flatnonzero(np.bincount(heard - NOWHERE, minlength=1)[1:])
        new = np.array([place for place in met.tolist() if place not in self._places], np.int32)
        if len(new):
            self._places |= dict(zip(new.tolist(), self.casebook.place(self._keys(new, _Shown({}, []))).tolist(), strict=True))
        known = np.full(int(met.max(initial=0)) + 2, NO_CASE, np.int32)
        known[met] = [self._places[place] for place in met.tolist()]
        return known.take(heard)

    def _keys(self, heard: NDArray[np.int32], shown: _Shown) -> list[bytes]:
        """The keys of the cases of rows that heard and show this."""
        columns = self._columns_of_facts(heard, shown.columns)
        public_domain = self._public_domain(columns.pop("pd"), shown.public_domain)
        places = len(self.options.jurisdictions)
        local = {name: [columns[name]] * places for name in LOCAL if name in columns} | {"pd": public_domain}
        common = {name: column for name, column in columns.items() if name not in LOCAL}
        keys: list[bytes] = keys_of(claims.pack(common, local, len(heard), places)).to_pylist()
        return keys

    def _public_domain(self, stated: Column, dated: Sequence[Column]) -> list[Column]:
        """The fact ``pd`` for each jurisdiction: what the user's tables say, else what dates in the data set show, else what is given."""
        given = facts()["pd"].codes[self._given.get("pd", "unknown")]
        each = dated or [np.zeros_like(stated)] * len(self.options.jurisdictions)
        return [np.where(stated > 0, stated, np.where(column > 0, column, np.uint8(given))) for column in each]

    @cached_property
    def _given(self) -> dict[str, str]:
        """What holds for every row unless the row shows something else: assumptions, then what the user stated."""
        return {"purpose": self.options.purpose, "file": "absent", **ASSUMPTIONS[self.options.assume], **dict(self.options.facts)}

    def _columns_of_facts(self, heard: NDArray[np.int32], shown: Mapping[str, Column]) -> dict[str, Column]:
        """The codes of every fact by row: what was heard, then what the row shows, then what is given for all rows; ``pd`` only as shown."""
        said = [each.codes() for each in self.locations.heard]
        names = {*self._given, "licence_covers", "pd", *(name for codes in said for name in codes)}
        columns = {name: np.array([codes.get(name, 0) for codes in said], np.uint8)[heard] for name in names}
        if "declared" in shown:
            columns["licence_covers"] = np.where(columns["licence_covers"] == 0, shown["declared"], columns["licence_covers"])
        for name, codes in shown.items():
            if name == "content_kind":
                columns[name] = codes
            elif name != "declared":
                columns[name] = _stricter_of(name, columns.get(name, np.zeros_like(codes)), codes)
        given = {name: facts()[name].codes[value] for name, value in self._given.items() if name != "pd"}
        return columns | {
            name: self._with_given(name, columns.get(name, np.zeros(len(heard), np.uint8)), code) for name, code in given.items()
        }

    def _with_given(self, name: str, seen: Column, given: int) -> Column:
        """What holds where ``seen`` was shown and ``given`` stated or assumed: what was shown counts, of two opt-outs the stricter."""
        if not name.startswith("optout_"):
            return np.where(seen == 0, np.uint8(given), seen)
        known = facts()[name].values
        table = np.array([max(code, given, key=lambda each: STRICTER_LAST[known[each]]) for code in range(len(known))], np.uint8)
        return table[seen]


def _stricter_of(name: str, one: Column, other: Column) -> Column:
    return np.array([stricter(name, int(a), int(b)) for a, b in zip(one, other, strict=True)], np.uint8)


def _distinct(heard: NDArray[np.int32], columns: Sequence[Column]) -> tuple[Rows, NDArray[np.int64]]:
    """The first row of each distinct combination, and for each row the number of its combination."""
    group = heard.astype(np.int64) - NOWHERE
    for codes in columns:
        _, group = np.unique(group * 256 + codes, return_inverse=True)
    count = int(group.max(initial=0)) + 1
    first = np.full(count, len(group))
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    met = np.flatnonzero(first < len(group))
    number = np.zeros(count, np.int64)
    number[met] = np.arange(len(met))
    return first[met], number[group]


def _content_kinds(table: pa.Table) -> Column | None:
    """The fact ``content_kind`` from the media type, where the bytes were looked at; finer kinds (manga, press ...) are never guessed."""
    if "media" not in table.column_names or "locator" not in table.column_names:
        return None
    codes = facts()["content_kind"].codes
    families = table.column("media").combine_chunks().dictionary_encode()
    of_type = [codes.get(str(media).split("/", maxsplit=1)[0], 0) for media in families.dictionary.to_pylist()]
    return np.asarray(np.array([*of_type, 0], np.uint8)[families.indices.fill_null(len(of_type)).to_numpy(zero_copy_only=False)])


def _digests(table: pa.Table) -> pa.Array | None:
    """The column of content digests, where the data set has one."""
    lower = {name.lower(): name for name in table.column_names}
    name = next((lower[known] for known in DIGEST_COLUMNS if known in lower), None)
    return table.column(name) if name else None
