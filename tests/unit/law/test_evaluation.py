"""Rules over columns: the first match wins, what is unknown stays unknown, and what it could change is told."""

from datetime import date

import numpy as np
import pytest

from sekisho import law
from sekisho.errors import UsageError
from sekisho.model import Outcome, Stage

PACK = law.pack()
NOW = date(2026, 11, 22)


def ask(jurisdiction, on, stage=Stage.INGEST, **facts):
    rulings = law.evaluate(PACK, jurisdiction, on, stage, law.columns([facts]))
    rule = rulings.rule_of(0)
    return rulings.outcome_of(0), rule.id if rule else None, [note.id for note in rulings.notes_of(0)]


def changes(jurisdiction, on, stage=Stage.INGEST, **facts):
    found = law.sensitivity(PACK, jurisdiction, on, stage, law.columns([facts]))
    return {(change.fact, change.value): (change.rulings.outcome_of(0), change.rulings.rule_of(0).id) for change in found}


def test_the_first_rule_that_applies_decides():
    assert ask("JP", NOW, pd="yes", circumvention="yes")[1] == "U-01"
    assert ask("JP", NOW, circumvention="yes", paid_dataset="yes")[1] == "JP-01"


def test_where_no_rule_speaks_the_law_is_unsettled():
    assert ask("SG", date(2000, 1, 1)) == (Outcome.UNSETTLED, None, [])


def test_a_refusal_in_the_registry_turns_licence_required_into_prohibited_and_nothing_else():
    assert ask("AU", NOW, registry_terms="deny")[0] is Outcome.PROHIBITED
    assert ask("JP", NOW, registry_terms="deny")[0] is Outcome.PERMITTED
    assert ask("KR", NOW, registry_terms="deny")[0] is Outcome.UNSETTLED


def test_unless_is_not_defeated_by_what_is_unknown():
    assert ask("UK", NOW)[1] == "UK-04"
    assert ask("UK", NOW, training_in_jurisdiction="no")[1] == "UK-03"


def test_a_rule_may_ask_for_the_unknown():
    assert ask("JP", NOW, optout_loc="yes")[1] == "JP-12"
    assert ask("JP", NOW, optout_loc="yes", paid_dataset="no")[1] == "JP-13"


def test_unreadable_reads_as_unknown():
    assert ask("EU", NOW, purpose="commercial", lawful_access="yes", optout_loc="unreadable")[1] == "EU-09"
    assert "US-N3" in ask("US", NOW, optout_loc="unreadable")[2]
    assert ask("JP", NOW, optout_loc="unreadable")[1] == "JP-13"


def test_notes_of_the_union_are_told_in_its_members_too():
    assert ask("FR", NOW, gpai="yes")[2] == ["EU-N1", "FR-N1"]


def test_columns_left_out_are_unknown():
    some = law.evaluate(PACK, "JP", NOW, Stage.INGEST, {"purpose": np.array([2, 0], np.uint8)})
    assert [some.rule_of(row).id for row in (0, 1)] == ["JP-13", "JP-13"]
    assert [note.id for note in some.notes_of(0)] == ["JP-N3", "JP-N6"]


def test_no_rows_have_no_answers():
    empty = law.evaluate(PACK, "JP", NOW, Stage.INGEST, law.columns([]))
    assert len(empty.outcome) == 0
    assert list(law.sensitivity(PACK, "JP", NOW, Stage.INGEST, law.columns([]))) == []


def test_a_column_that_is_no_fact_is_refused():
    with pytest.raises(UsageError, match="no fact 'weather'"):
        law.evaluate(PACK, "JP", NOW, Stage.INGEST, {"weather": np.zeros(1, np.uint8)})


def test_columns_of_different_length_are_refused():
    with pytest.raises(UsageError, match="one common length"):
        law.evaluate(PACK, "JP", NOW, Stage.INGEST, {"pd": np.zeros(1, np.uint8), "purpose": np.zeros(2, np.uint8)})


def test_a_paid_database_that_nobody_asked_about_is_named():
    found = changes("JP", NOW, purpose="commercial")
    assert found["paid_dataset", "yes"] == (Outcome.LICENCE, "JP-02")
    assert ("paid_dataset", "planned") not in found


def test_with_an_opt_out_a_planned_database_is_named_as_well():
    found = changes("JP", NOW, purpose="commercial", optout_loc="yes")
    assert found["paid_dataset", "planned"] == (Outcome.LICENCE, "JP-03")


def test_an_unreadable_fact_is_as_open_as_an_unknown_one():
    found = changes("EU", NOW, purpose="commercial", lawful_access="yes", optout_loc="unreadable")
    assert found["optout_loc", "yes"] == (Outcome.LICENCE, "EU-06")


def test_a_refusal_that_would_turn_the_answer_is_named():
    assert changes("AU", NOW)["registry_terms", "deny"] == (Outcome.PROHIBITED, "AU-01")


def test_what_is_known_is_not_asked_again():
    assert not [fact for fact, _ in changes("JP", NOW, paid_dataset="no") if fact == "paid_dataset"]


def test_the_question_can_be_narrowed_to_some_facts():
    table = law.columns([{"purpose": "commercial"}])
    found = law.sensitivity(PACK, "EU", NOW, Stage.INGEST, table, facts={"optout_loc"})
    assert {change.fact for change in found} == {"optout_loc"}


def test_only_the_rows_that_change_are_marked():
    table = law.columns([{"purpose": "commercial"}, {"purpose": "commercial", "circumvention": "yes"}])
    [change] = law.sensitivity(PACK, "JP", NOW, Stage.INGEST, table, facts={"paid_dataset"})
    assert (change.value, list(change.changed)) == ("yes", [True, False])
