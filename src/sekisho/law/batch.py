"""Many questions at once: lines of JSON in, one object for each out, in order; a bad line becomes an object that says why."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import BinaryIO, NoReturn

from sekisho.errors import SekishoError, UsageError
from sekisho.law.answers import answers
from sekisho.law.packs import Pack
from sekisho.law.questions import Question, facts_of, question
from sekisho.model import Stage

LINES_AT_ONCE = 20_000
LINE_BYTES = 1 << 20
"""Longer lines are refused: no question needs a mebibyte."""

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is no question, and why."""

    id: object
    error: SekishoError

    def record(self, lang: str) -> Record:
        """The refusal as a JSON object."""
        return {"id": self.id, "error": self.error.ja if lang == "ja" else self.error.en}


def answered(pack: Pack, lines: Iterable[bytes], lang: str) -> Iterator[Record]:
    """The answers in the order of the questions, each with its ``id``; sentences in ``lang``. Blank lines are no questions."""
    read = (_read(pack, line) for line in lines if line.strip())
    while some := list(islice(read, LINES_AT_ONCE)):
        yield from _records(pack, some, lang)


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of ``stream``; of one that is too long only the beginning, so that it is refused and memory stays small."""
    while line := stream.readline(LINE_BYTES + 1):
        rest = line
        while len(rest) > LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_BYTES + 1)
        yield line


def _records(pack: Pack, asked: Sequence[Question | Refusal], lang: str) -> list[Record]:
    records: list[Record] = [each.record(lang) if isinstance(each, Refusal) else {"id": each.id} for each in asked]
    together: defaultdict[tuple[str, date, Stage], list[tuple[int, Question]]] = defaultdict(list)
    for row, each in enumerate(asked):
        if isinstance(each, Question):
            together[each.place].append((row, each))
    for place, group in together.items():
        found = answers(pack, *place, [each.claim for _, each in group])
        for (row, _), answer in zip(group, found, strict=True):
            records[row] |= answer.record(lang)
    return records


def _read(pack: Pack, line: bytes) -> Question | Refusal:
    name: object = None
    try:
        record = _object(line)
        name = record.get("id")
        return question(pack, record)
    except SekishoError as error:
        return Refusal(name, error)


def _object(line: bytes) -> Record:
    if len(line) > LINE_BYTES:
        raise UsageError(f"the line is longer than {LINE_BYTES} bytes", f"行が {LINE_BYTES} バイトを超えています")
    try:
        value = json.loads(line.decode("utf-8-sig"), object_pairs_hook=facts_of, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no text and could not be given back
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the line is not JSON: {error}", f"行を JSON として読めません: {error}") from error
    if not isinstance(value, dict):
        raise UsageError("the line is not a JSON object", "行が JSON オブジェクトではありません")
    return value


def _no_number(word: str) -> NoReturn:
    message = f"{word} is not JSON"
    raise ValueError(message)
