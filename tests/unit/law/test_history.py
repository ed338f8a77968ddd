"""What changed between two days, and what did it."""

from datetime import date

import pytest

from sekisho import law
from sekisho.errors import UsageError
from sekisho.law import history

PACK = law.pack()


def steps(before, on, jurisdiction=None):
    return list(history.steps(PACK, date.fromisoformat(before), date.fromisoformat(on), jurisdiction))


def test_the_general_understanding_ended_four_rules_of_japan_and_began_eight():
    [step] = steps("2024-03-14", "2024-03-15", "JP")
    assert [entry.id for entry in step.ended] == ["JP-05", "JP-09", "JP-11", "JP-32"]
    assert [entry.id for entry in step.began] == ["JP-03", "JP-04", "JP-06", "JP-07", "JP-10", "JP-12", "JP-31", "JP-33"]
    assert ["General Understanding" in event.text.en for event in step.events] == [True]


def test_the_first_day_is_left_out_and_the_last_one_counts():
    assert steps("2024-03-15", "2024-06-01", "JP") == []


def test_germany_changes_with_the_union():
    assert [(str(step.on), step.jurisdiction) for step in steps("2025-07-25", "2025-12-31", "DE")] == [
        ("2025-08-02", "EU"),
        ("2025-11-11", "DE"),
        ("2025-12-10", "DE"),
    ]


def test_events_that_changed_no_rule_are_told_as_well():
    [step] = steps("2024-09-01", "2024-10-01")
    assert (step.jurisdiction, step.began, step.ended) == ("DE", (), ())
    assert step.record("ja")["events"] == ["ハンブルク地裁、Kneschke対LAION第一審判決。"]


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(UsageError, match="lies after"):
        steps("2024-06-01", "2024-01-01")
