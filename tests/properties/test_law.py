"""Laws of our own that hold for any facts, in any jurisdiction, on any day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho import law
from sekisho.law import FACTS, OUTCOMES
from sekisho.law.answers import answers
from sekisho.model import Outcome, Stage, Verdict

PACK = law.pack()
ENTRIES = [entry for file in PACK.files.values() for entry in file.entries]
TURNS = sorted({day for entry in ENTRIES for day in (entry.since, *([entry.until + timedelta(1)] if entry.until else []))})

places = st.sampled_from(PACK.jurisdictions)
stages = st.sampled_from(list(Stage))
# Days near a turn are where mistakes live.
days = st.one_of(
    st.dates(date(1900, 1, 1), date(2030, 12, 31)),
    st.builds(lambda turn, by: max(PACK.begins, turn + timedelta(by)), st.sampled_from(TURNS), st.integers(-1, 1)),
)
claims = st.fixed_dictionaries({}, optional={fact.id: st.sampled_from(fact.values) for fact in FACTS})
known_claims = st.fixed_dictionaries({fact.id: st.sampled_from(fact.values[1:]) for fact in FACTS})
any_claims = st.one_of(claims, known_claims)


def rulings(place, day, stage, *some):
    return law.evaluate(PACK, place, day, stage, law.columns(some))


def strictness(outcome):
    return OUTCOMES.index(outcome)


def by_hand(place, day, stage, claim):
    """The law read slowly, one rule after the other, without columns."""

    def holds(entry):
        value = {fact.id: claim.get(fact.id, "unknown").replace("unreadable", "unknown") for fact in FACTS}
        return all(value[name] in words for name, words in entry.when.items()) and not any(
            value[name] in words for name, words in entry.unless.items()
        )

    rule = next((rule for rule in PACK.rules(place, day, stage) if holds(rule)), None)
    outcome = rule.outcome if rule else Outcome.UNSETTLED
    if outcome is Outcome.LICENCE and claim.get("registry_terms") == "deny":
        outcome = Outcome.PROHIBITED
    return rule, outcome, tuple(note for note in PACK.notes(place, day, stage) if holds(note))


@given(places, days, stages, st.lists(any_claims, min_size=1, max_size=5))
def test_columns_say_what_reading_rule_by_rule_says(place, day, stage, some):
    fast = rulings(place, day, stage, *some)
    for row, claim in enumerate(some):
        assert (fast.rule_of(row), fast.outcome_of(row), fast.notes_of(row)) == by_hand(place, day, stage, claim)


@given(places, days, stages, any_claims)
def test_nothing_speaks_outside_its_days(place, day, stage, claim):
    found = rulings(place, day, stage, claim)
    spoke = [*found.notes_of(0), *([found.rule_of(0)] if found.rule_of(0) else [])]
    assert all(entry.since <= day and (entry.until is None or day <= entry.until) for entry in spoke)


@given(places, days, stages, any_claims)
def test_from_one_day_to_the_next_nothing_changes_unless_something_begins_or_ends(place, day, stage, claim):
    following = day + timedelta(1)
    if following not in TURNS:
        today, tomorrow = rulings(place, day, stage, claim), rulings(place, following, stage, claim)
        assert (today.rule_of(0), today.notes_of(0)) == (tomorrow.rule_of(0), tomorrow.notes_of(0))


@given(places, days, stages, any_claims, st.sampled_from([{"pd": "yes"}, {"licence_covers": "yes"}]))
def test_the_public_domain_and_a_covering_licence_leave_nothing_stricter_than_permitted(place, day, stage, claim, free):
    others = {name: value for name, value in claim.items() if name not in {"pd", "licence_covers"}}
    assert rulings(place, day, stage, others | free).outcome_of(0) is Outcome.PERMITTED


@given(
    places,
    days,
    stages,
    any_claims,
    st.tuples(
        st.sampled_from([("optout_loc", "yes"), ("optout_loc", "general"), ("optout_asset", "yes"), ("optout_nl", "yes")]),
        st.sampled_from(["unknown", "no", "unreadable"]),
    ),
)
def test_an_opt_out_never_makes_an_answer_more_permissive(place, day, stage, claim, optout):
    (name, value), silence = optout
    found = rulings(place, day, stage, claim | {name: silence}, claim | {name: value})
    assert found.outcome[1] >= found.outcome[0]


@given(places, days, stages, any_claims)
def test_a_refusal_in_the_registry_never_leaves_licence_required(place, day, stage, claim):
    assert rulings(place, day, stage, claim | {"registry_terms": "deny"}).outcome_of(0) is not Outcome.LICENCE


@given(places, days, stages, any_claims)
def test_unreadable_decides_like_unknown(place, day, stage, claim):
    read = {name: value.replace("unreadable", "unknown") for name, value in claim.items()}
    as_is, as_unknown = rulings(place, day, stage, claim, read), rulings(place, day, stage, read, claim)
    assert list(as_is.rule) == list(as_unknown.rule)
    assert as_is.rule[0] == as_is.rule[1]


@settings(deadline=None)
@given(places, days, stages, claims)
def test_every_value_of_an_unknown_fact_that_changes_the_outcome_is_listed_and_no_other(place, day, stage, claim):
    [answer] = answers(PACK, place, day, stage, [claim])
    listed = {(each.fact, each.value): (each.outcome, each.rule) for each in answer.sensitive_to}
    expected = {}
    for fact in FACTS:
        if claim.get(fact.id, "unknown") in {"unknown", "unreadable"}:
            for value in set(fact.values) - {"unknown", "unreadable"}:
                rule, outcome, _ = by_hand(place, day, stage, claim | {fact.id: value})
                if outcome is not answer.outcome:
                    expected[fact.id, value] = (outcome, rule.id if rule else None)
    assert listed == expected


@settings(deadline=None)
@given(places, days, stages, claims, st.sampled_from([fact for fact in FACTS if fact.is_evidence]))
def test_what_cannot_be_read_never_allows_what_reading_could_forbid(place, day, stage, claim, fact):
    [answer] = answers(PACK, place, day, stage, [claim | {fact.id: "unreadable"}])
    readings = rulings(place, day, stage, *(claim | {fact.id: value} for value in fact.values[1:-1]))
    could_be_worse = max(readings.outcome) > strictness(Outcome.CONDITIONS)
    assert not (could_be_worse and answer.verdict is Verdict.ALLOW)


@settings(deadline=None)
@given(places, days, stages, claims)
def test_every_answer_carries_its_ground_and_says_what_it_is_not(place, day, stage, claim):
    record = answers(PACK, place, day, stage, [claim])[0].record("en")
    assert record["pack"] == PACK.digest
    assert record["pack_dated"]
    assert "not legal advice" in record["notice"]
    assert record["reason"]
    assert record["confidence"]
    assert (record["rule"] is None) == (record["citation"] == "")
    if record["confidence"] == "case" and any(word in record["citation"] for word in ("not final", "appeal", "pending")):
        assert record["contestable"]
