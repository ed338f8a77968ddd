"""The fact ``pd`` for one work and for columns."""

from datetime import date

import pytest

from sekisho.errors import UsageError
from sekisho.protection import public_domain, public_domain_column, work_of

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("work", "fact"), [({"died": 1948}, "yes"), ({"died": 1990}, "no"), ({}, "unknown")])
def test_an_answer_becomes_a_fact(work, fact):
    assert public_domain(work_of(work), "JP", TODAY) == fact


def test_a_doubtful_yes_is_no_yes():
    assert public_domain(work_of({"died": 1949}), "MX", TODAY) == "unknown"


def test_columns_give_a_fact_a_row_and_several_contributors_stand_in_one_cell():
    columns = {"died": ["1948", "1948; 1990", None, "1948;", 1948.0], "published": ["1947"] * 5}
    assert public_domain_column(columns, "JP", TODAY) == ["yes", "no", "unknown", "unknown", "yes"]
    assert public_domain_column(columns, "US", TODAY) == ["no"] * 5


def test_flags_may_be_words():
    assert public_domain_column({"published": [1960, 1960], "corporate": ["true", "no"]}, "JP", TODAY) == ["yes", "unknown"]


def test_a_word_of_the_data_set_that_is_not_known_makes_its_row_unknown():
    columns = {"died": ["1900", "1900", "1900"], "kind": ["novel", "sonnetto", ""], "origin": ["JP", "JP", "Nippon"]}
    assert public_domain_column(columns, "JP", TODAY) == ["yes", "unknown", "unknown"]


def test_an_unknown_country_is_refused():
    with pytest.raises(UsageError):
        public_domain_column({"died": ["1948"]}, "XX", TODAY)
