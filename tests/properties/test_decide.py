"""Laws of our own judgement (design section 2, law pack properties), on random facts."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho import law
from sekisho.claims import facts, pack, unpack
from sekisho.decide import EVIDENCE, Question, causes, judge
from sekisho.model import Policy, Stage
from sekisho.policy import ALLOW, UNKNOWN

ROWS = 40
JURISDICTIONS = st.sampled_from(law.pack().jurisdictions)
DAYS = st.dates(date(2010, 6, 1), date(2026, 11, 22))
STAGES = st.sampled_from(Stage)
STRICTER = {
    "optout_loc": ("no", "general", "yes"),
    "optout_asset": ("no", "yes"),
    "registry_terms": ("none", "deny"),
    "crawl": ("allow", "deny"),
    "source_infringing": ("no", "known"),
    "unclear": ("no", "yes"),
}


@st.composite
def columns(draw, rows=ROWS):
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    return {name: random.integers(0, len(fact.values), rows).astype(np.uint8) for name, fact in facts().items()}


def question(on, stage, policy=Policy.SIGNALS):
    return Question(("JP",), on, stage, policy)


@settings(max_examples=30, deadline=None)
@given(columns())
def test_packing_and_unpacking_gives_the_same_facts(table):
    packed = pack(table, {}, ROWS, 2)
    assert all((unpack(packed[:, 1])[name] == column).all() for name, column in table.items())


@settings(max_examples=30, deadline=None)
@given(columns(), JURISDICTIONS, DAYS, STAGES)
def test_a_verdict_never_gets_looser_from_law_to_signals_to_consent(table, code, on, stage):
    verdicts = [judge(table, question(on, stage, policy), code).verdict for policy in Policy]
    assert (verdicts[0] <= verdicts[1]).all()
    assert (verdicts[1] <= verdicts[2]).all()


@settings(max_examples=30, deadline=None)
@given(columns(), JURISDICTIONS, DAYS, st.sampled_from(Policy), st.sampled_from(sorted(STRICTER)))
def test_tightening_evidence_never_loosens_a_verdict(table, code, on, policy, name):
    before = None
    for value in STRICTER[name]:
        supposed = {**table, name: np.full(ROWS, facts()[name].codes[value], np.uint8)}
        verdict = judge(supposed, question(on, Stage.INGEST, policy), code).verdict
        assert before is None or (verdict >= before).all(), value
        before = verdict


@settings(max_examples=30, deadline=None)
@given(columns(), JURISDICTIONS, DAYS, st.sampled_from(Policy), st.sampled_from(["optout_loc", "optout_asset", "pd", "licence_covers"]))
def test_unreadable_evidence_is_never_allowed_where_some_reading_would_refuse(table, code, on, policy, name):
    fact = facts()[name]
    unread = judge({**table, name: np.full(ROWS, fact.codes["unreadable"], np.uint8)}, question(on, Stage.INGEST, policy), code).verdict
    for value, number in fact.codes.items():
        if value not in {"unknown", "unreadable"}:
            read = judge({**table, name: np.full(ROWS, number, np.uint8)}, question(on, Stage.INGEST, policy), code).verdict
            assert not ((unread == ALLOW) & (read > UNKNOWN)).any()


@settings(max_examples=40, deadline=None)
@given(columns(), JURISDICTIONS, DAYS)
def test_a_location_never_looked_at_is_not_allowed_under_signals_unless_a_grant_is_held(table, code, on):
    table["looked"][:] = facts()["looked"].codes["never"]
    table["optout_loc"][:] = 0
    table["grant"][:] = facts()["grant"].codes["no"]
    table["pd"][:] = facts()["pd"].codes["no"]
    assert (judge(table, question(on, Stage.INGEST), code).verdict != ALLOW).all()


@settings(max_examples=40, deadline=None)
@given(columns(), JURISDICTIONS, DAYS, st.sampled_from(Policy))
def test_a_refusal_by_the_holder_is_never_a_licence_and_never_allowed_under_consent(table, code, on, policy):
    table["registry_terms"][:] = facts()["registry_terms"].codes["deny"]
    table["grant"][:] = facts()["grant"].codes["no"]
    answer = judge(table, question(on, Stage.INGEST, policy), code)
    assert "licence-required" not in {answer.law.outcome_of(row).value for row in range(ROWS)}
    assert policy is not Policy.CONSENT or (answer.verdict != ALLOW).all()


@settings(max_examples=25, deadline=None)
@given(columns(rows=12), JURISDICTIONS, DAYS, st.sampled_from(Policy))
def test_taking_away_any_one_stated_reason_changes_the_verdict_or_its_conditions(table, code, on, policy):
    asked = question(on, Stage.INGEST, policy)
    answer = judge(table, asked, code)
    for row, names in enumerate(causes(answer, asked)):
        unconditional = {rule.id for rule in answer.law.rules if not rule.when}
        assert names or answer.verdict[row] <= UNKNOWN or answer.why(row) in unconditional
        for name in names:
            groups = [EVIDENCE.get(part, (part,)) for part in name.split("+")]
            taken = {fact for group in groups for fact in group}
            without = judge({n: np.where(n in taken, 0, c).astype(np.uint8) for n, c in table.items()}, asked, code)
            assert (without.verdict[row], without.conditions(row)) != (answer.verdict[row], answer.conditions(row)), name
