"""Judges batches of rows: columns in, verdict columns out, no Python object a row but for what is odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sekisho import claims, declared
from sekisho.addresses import Addresses, split
from sekisho.cases import Casebook, keys_of, verdict_words
from sekisho.claims import LOCAL, facts
from sekisho.datasets import Batch, column, url_column
from sekisho.facts import ASSUMPTIONS
from sekisho.law import Column
from sekisho.locations import NOWHERE, Locations
from sekisho.plan import Options
from sekisho.policy import ALLOW, UNKNOWN
from sekisho.tables import FactTable, stricter

CAPTURE_COLUMNS = ("warc_date", "crawl_date", "fetched_at", "captured_at", "fetch_time", "date", "timestamp")
STRICTER_LAST = {"unknown": 0, "no": 1, "unreadable": 2, "general": 3, "yes": 4}
"""Of an opt-out seen and one stated by the user, the one further down counts."""
DIGEST_COLUMNS = ("sha256", "digest", "sha1", "md5", "hash")
NOT_A_URL = "not a URL"


@dataclass(frozen=True)
class Answers:
    """The verdict columns of a batch, to stand beside its own; ``kept`` says which rows may be used everywhere."""

    addresses: Addresses
    columns: Mapping[str, pa.Array]
    kept: NDArray[np.bool_]


@dataclass
class Judge:
    """Judges batches of one run, one after the other; remembers cases and voices between them."""

    options: Options
    locations: Locations
    casebook: Casebook
    tables: FactTable = field(default_factory=FactTable)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def answers(self, batch: Batch, ids: pa.Array) -> Answers:
        """The answers for ``batch``; what cannot be read, and what has no address, is ``unknown`` with the reason."""
        addresses = split(self._urls(batch.table))
        placed = _placed(batch)
        voices = self.locations.of(addresses, self._captured(batch.table), batch.contents, placed)
        readable = voices != NOWHERE
        readable[list(batch.unreadable)] = False
        columns_of_facts = self._columns_of_facts(voices, addresses, batch.table)
        cases = self._cases(columns_of_facts, self._public_domain(batch.table, columns_of_facts), readable)
        problems = dict.fromkeys(map(int, np.flatnonzero(~readable)), NOT_A_URL) | dict(batch.unreadable)
        verdict = np.where(readable, np.array([*self.casebook.verdict, UNKNOWN], np.uint8)[cases], UNKNOWN)
        columns = self._columns(cases, readable, problems) | {"sekisho_evidence": self._evidence(voices)}
        columns |= {"sekisho_id": ids, "sekisho_verdict": verdict_words().take(pa.array(verdict))}
        answers = Answers(addresses, columns, verdict == ALLOW)
        self._count(answers)
        return answers

    def _urls(self, table: pa.Table) -> pa.Array:
        """The column of addresses as text."""
        urls = column(table, url_column(table.schema, self.options.url_column)).combine_chunks()
        return urls if pa.types.is_string(urls.type) or pa.types.is_large_string(urls.type) else urls.cast(pa.string(), safe=False)

    def _public_domain(self, table: pa.Table, columns: dict[str, Column]) -> list[Column]:
        """The fact ``pd`` for each jurisdiction: what the user's tables say, else what dates in the data set show, else what is given."""
        stated, given = columns["pd"], facts()["pd"].codes[self._given.get("pd", "unknown")]
        shown = declared.public_domain(table, self.options.jurisdictions, self.options.on)
        each = shown or [np.zeros_like(stated)] * len(self.options.jurisdictions)
        return [np.where(stated > 0, stated, np.where(column > 0, column, np.uint8(given))) for column in each]

    def _cases(self, columns: dict[str, Column], public_domain: list[Column], readable: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The case number of each readable row; -1 for the others, which are no case."""
        cases = np.full(len(readable), -1, np.int64)
        places = len(self.options.jurisdictions)
        read = {name: column[readable] for name, column in columns.items()}
        local = {name: [read[name]] * places for name in LOCAL if name in read} | {"pd": [column[readable] for column in public_domain]}
        common = {name: column for name, column in read.items() if name not in LOCAL}
        keys = keys_of(claims.pack(common, local, int(readable.sum()), places))
        cases[readable] = self.casebook.number([key.as_py() for key in keys.dictionary])[keys.indices.to_numpy()]
        return cases

    def _captured(self, table: pa.Table) -> list[datetime | None] | None:
        """When each item was captured, from the first column of dates that the data set has."""
        lower = {name.lower(): name for name in table.column_names}
        name = next((lower[known] for known in CAPTURE_COLUMNS if known in lower), None)
        if name is None:
            return None
        column = table.column(name)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return [_moment(value) for value in column.to_pylist()]
        if not pa.types.is_temporal(column.type) or pa.types.is_time(column.type):
            return None
        return [_moment(value) for value in column.cast(pa.timestamp("us")).to_pylist()]

    @cached_property
    def _given(self) -> dict[str, str]:
        """What holds for every row unless the row shows something else: assumptions, then what the user stated."""
        return {"purpose": self.options.purpose, "file": "absent", **ASSUMPTIONS[self.options.assume], **dict(self.options.facts)}

    def _columns_of_facts(self, voices: NDArray[np.int32], addresses: Addresses, table: pa.Table) -> dict[str, Column]:
        """The codes of every fact by row: what was heard, then what the user's tables say, then what is given for all rows."""
        heard = [voice.heard.codes() for voice in self.locations.voices] + [dict[str, int]()]
        names = {*self._given, *(name for codes in heard for name in codes)}
        columns = {name: np.array([codes.get(name, 0) for codes in heard], np.uint8)[voices] for name in names}
        covered = declared.licence(table, self.options.purpose)
        if covered is not None:
            heard_of = columns.setdefault("licence_covers", np.zeros(len(voices), np.uint8))
            columns["licence_covers"] = np.where(heard_of == 0, covered, heard_of)
        for rows, values in self.tables.about(addresses, _digests(table)):
            for name, code in values.items():
                column = columns.setdefault(name, np.zeros(len(voices), np.uint8))
                column[rows] = [stricter(name, int(seen), code) for seen in column[rows]]
        kinds = _content_kinds(table)
        if kinds is not None:
            columns["content_kind"] = kinds
        columns.setdefault("pd", np.zeros(len(voices), np.uint8))
        for name, value in self._given.items():
            if name == "pd":
                continue  # dates in the data set come before what is given
            code = facts()[name].codes[value]
            columns[name] = self._with_given(name, columns.get(name, np.zeros(len(voices), np.uint8)), code)
        return columns

    def _with_given(self, name: str, seen: Column, given: int) -> Column:
        """What holds where ``seen`` was shown and ``given`` stated or assumed: what was shown counts, of two opt-outs the stricter."""
        if not name.startswith("optout_"):
            return np.where(seen == 0, np.uint8(given), seen)
        known = facts()[name].values
        table = np.array([max(code, given, key=lambda each: STRICTER_LAST[known[each]]) for code in range(len(known))], np.uint8)
        return table[seen]

    def _columns(self, cases: NDArray[np.int64], readable: NDArray[np.bool_], problems: Mapping[int, str]) -> dict[str, pa.Array]:
        book = self.casebook
        known = pa.array(cases, mask=~readable)
        reason = pa.array(book.why, pa.string()).take(known)
        if problems:
            mask = np.zeros(len(cases), np.bool_)
            mask[list(problems)] = True
            reason = pc.replace_with_mask(reason, pa.array(mask), pa.array([problems[row] for row in sorted(problems)], pa.string()))
        nothing = (UNKNOWN,) * len(self.options.jurisdictions)
        by_place = np.array([*book.by_jurisdiction, nothing], np.uint8)
        each = {
            f"sekisho_{name}": verdict_words().take(pa.array(np.where(readable, by_place[cases, place], UNKNOWN)))
            for place, name in enumerate(self.options.jurisdictions)
        }
        return each | {
            "sekisho_reason": reason,
            "sekisho_conditions": pa.array(book.conditions, pa.list_(pa.string())).take(known),
            "sekisho_case": pa.array(book.names, pa.string()).take(known),
            "sekisho_works": pa.nulls(len(cases), pa.list_(pa.string())),
        }

    def _evidence(self, voices: NDArray[np.int32]) -> pa.Array:
        records = pa.array([list(voice.records) for voice in self.locations.voices], pa.list_(pa.uint32()))
        return records.take(pa.array(voices, mask=voices == NOWHERE))

    def _count(self, answers: Answers) -> None:
        for name in ("sekisho_verdict", "sekisho_reason", *(f"sekisho_{code}" for code in self.options.jurisdictions)):
            counted = self.counts.setdefault(name.removeprefix("sekisho_"), {})
            for pair in pc.value_counts(answers.columns[name]).to_pylist():
                word = str(pair["values"]).split(":")[0] if name == "sekisho_reason" else str(pair["values"])
                counted[word] = counted.get(word, 0) + pair["counts"]
        cases = self.counts.setdefault("case", {})
        for pair in pc.value_counts(answers.columns["sekisho_case"].drop_null()).to_pylist():
            cases[pair["values"]] = cases.get(pair["values"], 0) + pair["counts"]
        conditions = self.counts.setdefault("conditions", {})
        for pair in pc.value_counts(pc.list_flatten(answers.columns["sekisho_conditions"])).to_pylist():
            conditions[pair["values"]] = conditions.get(pair["values"], 0) + pair["counts"]


def _placed(batch: Batch) -> NDArray[np.bool_]:
    """Items that lie somewhere without an address: files of a folder, members of a tar without a URL."""
    names = batch.table.column_names
    if "locator" not in names or "url" not in names:
        return np.zeros(batch.table.num_rows, np.bool_)
    lies = pc.and_(pc.is_valid(batch.table.column("locator")), pc.is_null(batch.table.column("url")))
    return np.asarray(lies.combine_chunks().to_numpy(zero_copy_only=False))


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


def schema_of_answers(jurisdictions: tuple[str, ...]) -> pa.Schema:
    """The columns that stand beside the input's own in kept and left_out."""
    words = ["sekisho_id", "sekisho_verdict", *(f"sekisho_{name}" for name in jurisdictions), "sekisho_reason"]
    lists = [("sekisho_conditions", pa.list_(pa.string())), ("sekisho_case", pa.string()), ("sekisho_works", pa.list_(pa.string()))]
    return pa.schema([(name, pa.string()) for name in words] + lists + [("sekisho_evidence", pa.list_(pa.uint32()))])


def _moment(value: object) -> datetime | None:
    """A moment in UTC from a date column's value; None when it holds none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
