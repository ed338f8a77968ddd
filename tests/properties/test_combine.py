"""Laws of the combination: order never matters, a further denial never loosens, garbage never allows."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sekisho.combine import combine
from sekisho.model import Authenticated, Axis, Evidence, Level, Offer, Signal, Value

LOOSENESS = (Value.DENY, Value.LICENCE, Value.UNKNOWN, Value.ALLOW)
AGENTS = ("GPTBot", "CCBot")
WARNINGS = ("malformed", "deny-intent", "general-disallow", "terms-elsewhere", "partial-scope", "no-match", "tdm-reserved")

signals = st.builds(
    Signal,
    protocol=st.sampled_from(("tdmrep", "tdm_policy", "rsl", "robots", "iptc", "c2pa", "licences", "aipref")),
    version=st.just("1"),
    level=st.sampled_from(Level),
    scope=st.just("/"),
    axis=st.sampled_from(Axis),
    value=st.sampled_from(Value),
    evidence=st.builds(Evidence, st.just("w"), st.sampled_from(("a", "b")), st.sampled_from(("", "https://d.example/"))),
    conditions=st.frozensets(st.sampled_from(("attribution", "geo=JP", "geo!=US"))),
    offers=st.sampled_from(((), (Offer(licence_uri="https://d.example/"),), (Offer(amount="1"),))),
    addressee=st.sampled_from(("*", "GPTBot", "Googlebot")),
    authenticated=st.sampled_from(Authenticated),
    warnings=st.lists(st.sampled_from(WARNINGS), max_size=2).map(tuple),
)
many = st.lists(signals, max_size=8)
uses = st.sampled_from(Axis)


@given(many, st.randoms(), uses)
def test_the_order_of_evidence_never_shows(spoken, random, axis):
    shuffled = list(spoken)
    random.shuffle(shuffled)
    assert combine(spoken, axis, agents=AGENTS) == combine(shuffled + shuffled, axis, agents=AGENTS)


@given(many, signals, uses)
def test_a_further_denial_never_loosens(spoken, denial, axis):
    # Without offers: a reservation that names its policy says what the policy says, and that may be a permission.
    denial = replace(denial, value=Value.DENY, offers=(), evidence=Evidence("w", "new"))
    before, after = combine(spoken, axis, agents=AGENTS), combine([*spoken, denial], axis, agents=AGENTS)
    assert LOOSENESS.index(after.value) <= LOOSENESS.index(before.value)


@given(many, signals, uses)
def test_an_offer_softens_a_denial_to_a_licence_and_never_further(spoken, offer, axis):
    offer = replace(offer, value=Value.LICENCE, evidence=Evidence("w", "new"))
    before, after = combine(spoken, axis, agents=AGENTS), combine([*spoken, offer], axis, agents=AGENTS)
    assert LOOSENESS.index(after.value) <= max(1, LOOSENESS.index(before.value))


@given(many, uses)
def test_nothing_is_allowed_that_nobody_allows(spoken, axis):
    silent = [signal for signal in spoken if signal.value is not Value.ALLOW]
    assert combine(silent, axis, agents=AGENTS).value is not Value.ALLOW


@given(many, uses)
def test_every_statement_on_the_axis_is_the_winner_or_a_loser_with_a_reason(spoken, axis):
    spoken = [signal for signal in spoken if signal.protocol not in {"tdmrep", "tdm_policy"} and not signal.evidence.document]
    result = combine(spoken, axis, agents=AGENTS)
    told = {loser.signal.evidence for loser in result.losers} | ({result.winner.evidence} if result.winner else set())
    assert {signal.evidence for signal in spoken if signal.axis is axis} <= told
