"""Answers to records: one, or many as lines of JSON in order; a bad line becomes an object that says why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from sekisho.errors import SekishoError, UsageError
from sekisho.law.batch import LINE_BYTES
from sekisho.law.questions import day
from sekisho.protection.answer import term
from sekisho.protection.records import record_of, work_of

Record = dict[str, object]


def answer(record: Record, on: date, lang: str) -> Record:
    """The answer to a record with ``country`` and what ``work_of`` reads; its own ``on`` goes before ours. Raises UsageError."""
    given, country = record.get("on"), record.get("country")
    if not isinstance(country, str) or not country.strip():
        raise UsageError("country is missing; give it as JP, EU or US", "country がありません。JP、EU、US のように指定してください")
    return record_of(term(work_of(record), country, day(str(given)) if given else on), lang)


def answered(lines: Iterable[bytes], supplied: Record, on: date, lang: str) -> Iterator[Record]:
    """The answers in the order of the lines, each with its ``id``; ``supplied`` fills in what a line leaves out. Blank lines ask nothing."""
    return (_answered(line, supplied, on, lang) for line in lines if line.strip())


def _answered(line: bytes, supplied: Record, on: date, lang: str) -> Record:
    name: object = None
    try:
        record = _object(line)
        name = record.get("id")
        return {"id": name, **answer({**supplied, **record}, on, lang)}
    except SekishoError as error:
        return {"id": name, "error": error.ja if lang == "ja" else error.en}


def _object(line: bytes) -> Record:
    if len(line) > LINE_BYTES:
        raise UsageError(f"the line is longer than {LINE_BYTES} bytes", f"行が {LINE_BYTES} バイトを超えています")
    try:
        value = json.loads(line.decode("utf-8-sig"))
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no text and could not be given back
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the line is not JSON: {error}", f"行を JSON として読めません: {error}") from error
    if not isinstance(value, dict):
        raise UsageError("the line is not a JSON object", "行が JSON オブジェクトではありません")
    return value
