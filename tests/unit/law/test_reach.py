"""Rules that can never decide are found, by combination of facts and by day."""

from datetime import date

from sekisho.law import reach
from sekisho.law.rules import Authority, Checked, How, Rule, Status
from sekisho.model import Outcome, Stage, Text

WORDS = Text("words", "語")


def rule(name, when=None, unless=None, *, since=date(2000, 1, 1), until=None, stage=Stage.INGEST, status=Status.ENACTED):
    return Rule(
        id=name,
        since=since,
        until=until,
        stage=stage,
        when=when or {},
        unless=unless or {},
        citations=(),
        checked=Checked(date(2026, 1, 1), How.LOOKED_UP),
        name=WORDS,
        status=status,
        authority=Authority.STATUTE,
        outcome=Outcome.PERMITTED,
        reason=WORDS,
        conditions=(),
        contestable=False,
    )


def silenced(*rules):
    return [found.id for found in reach.silenced(rules)]


def shadowed(*rules):
    return [(a.id, b.id) for a, b in reach.shadowed(rules)]


def test_a_rule_after_one_that_always_applies_is_silenced():
    assert silenced(rule("A"), rule("B", {"pd": ("yes",)})) == ["B"]


def test_a_rule_is_silenced_by_several_that_together_leave_nothing():
    both = rule("A", {"circumvention": ("yes",)}), rule("B", unless={"circumvention": ("yes",)})
    assert silenced(*both, rule("C", {"pd": ("yes",)})) == ["C"]


def test_unknown_is_a_way_through_between_yes_and_no():
    both = rule("A", {"circumvention": ("yes",)}), rule("B", {"circumvention": ("no",)})
    assert silenced(*both, rule("C")) == []


def test_a_rule_that_has_one_free_day_is_not_silenced():
    first = rule("A", since=date(2001, 1, 1))
    assert silenced(first, rule("B", since=date(2000, 12, 31))) == []
    assert silenced(first, rule("B", since=date(2001, 1, 1))) == ["B"]


def test_a_rule_that_outlives_its_elder_is_not_silenced():
    assert silenced(rule("A", until=date(2010, 1, 1)), rule("B", since=date(2005, 1, 1))) == []


def test_stages_and_drafts_do_not_silence():
    assert silenced(rule("A", stage=Stage.OUTPUT), rule("B", status=Status.DRAFT), rule("C")) == []


def test_a_forgotten_until_is_found_as_an_overlap():
    old = rule("A", {"pd": ("yes",)}, since=date(2000, 1, 1))
    new = rule("B", {"pd": ("yes",)}, since=date(1990, 1, 1))
    assert shadowed(old, new) == [("A", "B")]
    assert shadowed(rule("A", {"pd": ("yes",)}, until=date(2004, 12, 31)), rule("B", {"pd": ("yes",)}, since=date(2005, 1, 1))) == []


def test_rules_that_merely_meet_are_no_overlap():
    assert shadowed(rule("A", {"pd": ("yes",)}), rule("B", {"lawful_access": ("no",)}), rule("C")) == []
