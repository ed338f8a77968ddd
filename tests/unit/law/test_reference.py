"""Our pack against the tables of law that it was written from, where they lie beside the checkout."""

import re
from datetime import date
from pathlib import Path

import pytest

from sekisho import law

REFERENCE = Path(__file__).resolve().parents[3].parent / "shared" / "reference" / "law.md"
PACK = law.pack()
ENTRIES = {entry.id: (file, entry) for file in PACK.files.values() for entry in file.entries}

pytestmark = pytest.mark.skipif(not REFERENCE.exists(), reason="the reference tables do not lie beside this checkout")


def table(head):
    part = REFERENCE.read_text("utf-8").split(head, 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return rows[2:]


def conditions(text):
    clauses = [re.fullmatch(r"(\w+)(!?=)([\w/]+)", clause.strip()).groups() for clause in text.strip("`").split(";") if clause.strip()]
    words = {"=": {}, "!=": {}}
    for name, sign, values in clauses:
        words[sign][name] = words[sign].get(name, ()) + tuple(values.split("/"))
    return words["="], words["!="]


def day(text):
    return date.fromisoformat(text) if text else None


def places(text):
    return {"*": {"COMMON"}}.get(text, {code.strip() for code in text.split(",")})


def asked_in(file):
    if file.is_jurisdiction:
        return {file.code} | {other.code for other in PACK.files.values() if other.inherits == file.code}
    return {"COMMON"} if file.code == "COMMON" else {other.code for other in PACK.files.values() if other.inherits == file.code}


def test_every_row_is_there_with_its_days_conditions_outcome_and_mark():
    rows = table("### 2.2 Rows")
    assert len(rows) == sum(len(file.rules) for file in PACK.files.values())
    for name, place, since, until, stage, condition, outcome, confidence, _, _, mark in rows:
        file, rule = ENTRIES[name]
        assert asked_in(file) == places(place), name
        assert (rule.since, rule.until, rule.stage) == (day(since), day(until), stage), name
        assert (dict(rule.when), dict(rule.unless)) == conditions(condition), name
        assert (rule.outcome, rule.authority, rule.verified) == (outcome, confidence, mark == "C"), name


def test_every_note_is_there_with_its_days_conditions_and_mark():
    rows = table("### 2.3 Notes")
    assert len(rows) == sum(len(file.notes) for file in PACK.files.values())
    for name, place, since, until, stage, condition, _, mark in rows:
        file, note = ENTRIES[name]
        assert asked_in(file) == places(place), name
        assert (note.since, note.until, note.stage) == (day(since), day(until), stage), name
        assert (dict(note.when), dict(note.unless)) == conditions(condition), name
        assert note.verified == (mark == "C"), name


def test_rules_stand_in_the_order_of_the_table():
    order = [row[0] for row in table("### 2.2 Rows")]
    for file in PACK.files.values():
        own = [order.index(rule.id) for rule in file.rules]
        assert own == sorted(own), file.code
