"""Every case under tests/cases/term: a work a lawyer can read, and until when it is protected where."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from sekisho.protection import countries, loading, record_of, term, work_of

FOLDER = Path(__file__).parents[2] / "cases" / "term"
TODAY = date(2026, 11, 22)


def cases():
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            for place, expected in enumerate(case["expect"]):
                yield pytest.param(case["work"], expected, id=f"{path.stem}:{case['id']}:{expected['country']}:{place}")


@pytest.mark.parametrize(("work", "expected"), list(cases()))
def test_a_case_gets_the_answer_that_is_written_beside_it(work, expected):
    answer = record_of(term(work_of(work), expected["country"], expected.get("on", TODAY)))
    written = {key: value for key, value in expected.items() if key not in {"on", "free_from"}}
    if "free_from" in expected:
        written["public_domain_from"] = expected["free_from"].isoformat()
    assert {key: answer[key] for key in written} == written
    assert answer["basis"]


def test_every_case_has_a_title_in_both_languages_and_an_id_of_its_own():
    read = [case for path in FOLDER.glob("*.toml") for case in tomllib.loads(path.read_text("utf-8"))["case"]]
    assert all(case["title"]["en"] and case["title"]["ja"] for case in read)
    assert len({case["id"] for case in read}) == len(read)


def test_every_rule_of_every_country_decides_a_case():
    decided = {term(work_of(case.values[0]), case.values[1]["country"], case.values[1].get("on", TODAY)).rule for case in cases()}
    every = {rule.id for code in countries() for rule in loading.country(code).rules}
    assert every - decided == set()
