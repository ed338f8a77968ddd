"""The files of the countries: strict, sourced, fresh."""

from datetime import date, timedelta

import pytest

from sekisho.errors import LawError
from sekisho.protection import countries, loading

HEAD = """
name = { en = "Somewhere", ja = "どこか" }
checked = 2026-11-22
[source.act]
title = { en = "Act", ja = "法" }
"""
RULE = """
[[rule]]
id = "X-1"
name = { en = "works", ja = "著作物" }
when = { author = "named" }
steps = [{ from = 2000-01-01, death = 50, cite = { source = "act" } }]
"""


@pytest.fixture
def read(tmp_path):
    def reading(text):
        path = tmp_path / "xx.toml"
        path.write_text(text, encoding="utf-8")
        return loading.read(path)

    return reading


def test_a_file_gives_its_rules_in_order(read):
    assert [rule.id for rule in read(HEAD + RULE + RULE.replace("X-1", "X-2")).rules] == ["X-1", "X-2"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('author = "named"', 'author = "famous"'),
        ('author = "named"', 'kind = "sonnetto"'),
        ('author = "named"', 'facts = "forgotten"'),
        ('author = "named"', "lucky = true"),
        ('source = "act"', 'source = "hearsay"'),
        ("death = 50,", 'death = "fifty",'),
        ("from = 2000-01-01,", ""),
        ("cite = {", "quote = {"),
        ('id = "X-1"', ""),
    ],
)
def test_a_file_that_breaks_the_format_is_refused_by_name(read, wrong, right):
    with pytest.raises(LawError, match=r"xx\.toml"):
        read(HEAD + RULE.replace(wrong, right))


def test_a_rule_has_steps_or_is_free_and_not_both(read):
    with pytest.raises(LawError, match="either steps or free"):
        read(HEAD + RULE + 'free = { source = "act" }')


def test_ids_are_used_once_in_all_files():
    ids = [rule.id for code in countries() if loading.country(code).code == code for rule in loading.country(code).rules]
    inherited = [rule.id for code in ("DE", "ES", "FR") for rule in loading.country("EU").rules if code in countries()]
    assert len(ids) - len(inherited) == len(set(ids))


def test_steps_follow_one_another_in_time():
    for code in countries():
        for rule in loading.country(code).rules:
            days = [step.since for step in rule.steps]
            assert days == sorted(set(days)), rule.id


def test_the_last_rules_of_a_country_leave_no_authors_work_without_a_rule():
    for code in countries():
        last = {
            author for rule in loading.country(code).rules if not rule.when.kinds and not rule.when.died for author in rule.when.authors
        }
        assert last >= {"named", "anonymous", "corporate"} or code == "US", code


def test_every_country_was_gone_through_within_a_year():
    old = [code for code in countries() if date.today() - loading.country(code).checked > timedelta(days=365)]  # noqa: DTZ011 - the day of the test
    assert old == [], "go through these and renew `checked`"


def test_the_digest_changes_with_what_decides():
    assert len(loading.digest()) == 64
