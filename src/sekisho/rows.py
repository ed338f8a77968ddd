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

from sekisho import claims
from sekisho.addresses import Addresses, split
from sekisho.cases import Casebook, keys_of, verdict_words
from sekisho.claims import LOCAL, facts
from sekisho.datasets import Batch, url_column
from sekisho.facts import ASSUMPTIONS
from sekisho.locations import NOWHERE, Locations
from sekisho.plan import Options
from sekisho.policy import ALLOW, UNKNOWN

CAPTURE_COLUMNS = ("warc_date", "crawl_date", "fetched_at", "captured_at", "fetch_time", "date", "timestamp")
STRICTER_LAST = {"unknown": 0, "no": 1, "unreadable": 2, "general": 3, "yes": 4}
"""Of an opt-out seen and one stated by the user, the one further down counts."""
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
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def answers(self, batch: Batch, ids: pa.Array) -> Answers:
        """The answers for ``batch``; what cannot be read, and what has no address, is ``unknown`` with the reason."""
        name = url_column(batch.table.schema, self.options.url_column)
        urls = batch.table.column(name).combine_chunks()
        addresses = split(
            urls if pa.types.is_string(urls.type) or pa.types.is_large_string(urls.type) else urls.cast(pa.string(), safe=False)
        )
        voices = self.locations.of(addresses, self._captured(batch.table))
        readable = voices != NOWHERE
        cases = self._cases(voices, readable)
        problems = dict.fromkeys(map(int, np.flatnonzero(~readable)), NOT_A_URL) | dict(batch.unreadable)
        verdict = np.where(readable, np.array([*self.casebook.verdict, UNKNOWN], np.uint8)[cases], UNKNOWN)
        columns = self._columns(cases, readable, problems) | {"sekisho_evidence": self._evidence(voices)}
        columns |= {"sekisho_id": ids, "sekisho_verdict": verdict_words().take(pa.array(verdict))}
        answers = Answers(addresses, columns, verdict == ALLOW)
        self._count(answers)
        return answers

    def _cases(self, voices: NDArray[np.int32], readable: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The case number of each readable row; -1 for the others, which are no case."""
        keys = keys_of(self._packed(voices[readable]))
        cases = np.full(len(voices), -1, np.int64)
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

    def _packed(self, voices: NDArray[np.int32]) -> claims.Packed:
        """The claims of rows by their voices."""
        heard = [voice.heard.codes() for voice in self.locations.voices]
        names = {*self._given, *(name for codes in heard for name in codes)}
        columns = {name: np.array([self._code(name, codes.get(name, 0)) for codes in heard], np.uint8)[voices] for name in names}
        places = len(self.options.jurisdictions)
        local = {name: [columns[name]] * places for name in LOCAL if name in columns}
        return claims.pack({n: c for n, c in columns.items() if n not in LOCAL}, local, len(voices), places)

    def _code(self, name: str, seen: int) -> int:
        """The code of a fact for a voice that showed ``seen`` (0: nothing): evidence counts before what was assumed or stated."""
        fact = facts()[name]
        given = fact.codes[self._given.get(name, "unknown")]
        if name.startswith("optout_"):
            return max(seen, given, key=lambda code: STRICTER_LAST[fact.values[code]])
        return seen or given

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
        conditions = self.counts.setdefault("conditions", {})
        for pair in pc.value_counts(pc.list_flatten(answers.columns["sekisho_conditions"])).to_pylist():
            conditions[pair["values"]] = conditions.get(pair["values"], 0) + pair["counts"]


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
