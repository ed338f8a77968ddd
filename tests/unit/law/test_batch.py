"""Batches: every line has its answer, in order; a bad line says why and stops nothing."""

import io
import json

import pytest

from sekisho import law
from sekisho.law.batch import LINE_BYTES, answered, lines

PACK = law.pack()


def line(**changes):
    question = {"id": 1, "jurisdiction": "JP", "on": "2026-11-22", "stage": "ingest", "facts": {"purpose": "commercial"}}
    return json.dumps(question | changes).encode()


def ask(*some, lang="en"):
    return list(answered(PACK, some, lang))


def test_answers_come_in_order_with_their_ids_whatever_they_ask():
    asked = [line(id="a"), line(id="b", jurisdiction="EU"), line(id="c", on="2024-06-01"), line(id="d", stage="output"), line(id="e")]
    records = ask(*asked)
    assert [record["id"] for record in records] == list("abcde")
    assert [record["rule"] for record in records] == ["JP-13", "EU-11", "JP-13", "JP-34", "JP-13"]


def test_an_answer_of_a_batch_equals_the_single_answer():
    [alone], many = ask(line()), ask(*[line(id=n) for n in range(50)])
    assert all({**record, "id": 1} == alone for record in many)


BAD = {
    "no JSON": (b"{", "not JSON"),
    "not UTF-8": (b'{"id": "\xff"}', "not JSON"),
    "no object": (b"[1]", "not a JSON object"),
    "brackets without end": (b"[" * 100_000, "not JSON"),
    "not a number": (b'{"id": NaN}', "NaN is not JSON"),
    "half a character": (rb'{"id": "\ud800"}', "not JSON"),
    "a line without end": (b"1" * (LINE_BYTES + 1), "longer than"),
    "a fact with two values": (line().replace(b'"purpose": "commercial"', b'"pd": "yes", "pd": "no"'), "pd is both 'yes' and 'no'"),
}


@pytest.mark.parametrize("kind", BAD)
def test_garbage_is_answered_with_an_error_and_its_neighbours_with_answers(kind):
    text, message = BAD[kind]
    before, bad, after = ask(line(id=1), text, line(id=3))
    assert (before["id"], after["id"]) == (1, 3)
    assert before["rule"] == after["rule"] == "JP-13"
    assert bad["id"] is None
    assert message in bad["error"]


WRONG = {
    "country": ({"jurisdiction": "XX"}, "'XX'; known: AU, CA, CH"),
    "several countries": ({"jurisdiction": ["JP", "EU"]}, "jurisdiction is missing"),
    "day": ({"on": "2026-13-40"}, "'2026-13-40' is not a day"),
    "day before the pack": ({"on": "1899-12-31"}, "begins on 1900-01-01"),
    "no day": ({"on": None}, "on is missing"),
    "stage": ({"stage": "train"}, "no stage 'train'; known stages: ingest, output"),
    "fact": ({"facts": {"weather": "fine"}}, "no fact 'weather'; known facts: purpose, pd"),
    "value": ({"facts": {"pd": "perhaps"}}, "pd has no value 'perhaps'; known values: unknown, yes, no, unreadable"),
    "value that is no text": ({"facts": {"pd": ["yes"]}}, "pd has no value ['yes']"),
    "facts that are no object": ({"facts": "pd=yes"}, "facts is missing"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_words_are_answered_with_the_known_ones(kind):
    change, message = WRONG[kind]
    [record] = ask(line(id="x", **change))
    assert set(record) == {"id", "error"}
    assert record["id"] == "x"
    assert message in record["error"]


def test_errors_are_told_in_japanese_too():
    [record] = ask(line(stage="train"), lang="ja")
    assert "段階 'train' はありません" in record["error"]


def test_blank_lines_are_no_questions_and_a_byte_order_mark_is_forgiven():
    assert [record["id"] for record in ask(b"\xef\xbb\xbf" + line(), b"\n", b"  \r\n", line(id=2))] == [1, 2]


def test_a_long_line_is_cut_and_the_next_one_read_whole():
    stream = io.BytesIO(b"x" * (3 * LINE_BYTES) + b"\n" + line() + b"\n")
    first, second = lines(stream)
    assert len(first) == LINE_BYTES + 1
    assert second == line() + b"\n"
