"""Laws of the claims that registered works add to an item (design section 1), on random facts, works and days."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.cases import judged
from sekisho.claims import altered, code_in, facts, words
from sekisho.decide import Question
from sekisho.matched import OF_THE_ITEM, Asked, Claimed, claims, key
from sekisho.model import Policy

PLACES = ("JP", "EU", "US")
DAYS = st.dates(date(2015, 1, 1), date(2026, 11, 22))
POLICIES = st.sampled_from(Policy)
GIVEN = {"pd": facts()["pd"].codes["no"], "licence_covers": facts()["licence_covers"].codes["none"]}
TERMS = ("allow", "allow_attrib", "offer", "deny")
"""What a holder says, loosest first."""


def code(name, value):
    return facts()[name].codes[value]


@st.composite
def items(draw):
    """An item's own claim: any facts, the store not yet asked, ``pd`` differing by country."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    common = {
        name: int(random.integers(0, len(fact.values))) for name, fact in facts().items() if name not in {"registry_terms", "claimed"}
    }
    return tuple(altered(0, {**common, "pd": int(random.integers(0, len(facts()["pd"].values)))}) for _ in PLACES)


@st.composite
def works(draw, *, terms=(*TERMS, "none", "unreadable"), free=("unknown", "yes", "no"), whole=(True, False)):
    said = draw(st.sampled_from(terms))
    shown = {"registry_terms": code("registry_terms", said)}
    if said == "none":
        shown["claimed"] = code("claimed", draw(st.sampled_from(("deny", "other"))))
    public = tuple(code("pd", draw(st.sampled_from(free))) for _ in PLACES)
    return Claimed(draw(st.sampled_from(whole)) and said != "unreadable", tuple(sorted(shown.items())), public)


def verdicts(own, found, policy, day, asked=Asked.ANSWERED):
    raw = b"".join(word.to_bytes(8, "big") for word in own)
    return judged([key(raw, found, asked, GIVEN)], Question(PLACES, day, policy=policy)).by_jurisdiction[0]


@settings(max_examples=60, deadline=None)
@given(items(), st.lists(works(whole=(False,)), max_size=3), works(whole=(False,)), POLICIES, DAYS)
def test_one_more_work_of_which_an_item_holds_a_part_never_loosens_a_verdict(own, found, more, policy, day):
    assert (verdicts(own, [*found, more], policy, day) >= verdicts(own, found, policy, day)).all()


@settings(max_examples=40, deadline=None)
@given(items(), st.lists(works(), max_size=4), POLICIES, DAYS)
def test_the_order_of_works_does_not_matter_and_the_same_facts_twice_are_one_claim(own, found, policy, day):
    raw = b"".join(word.to_bytes(8, "big") for word in own)
    keys = {key(raw, order, Asked.ANSWERED, GIVEN) for order in permutations([*found[:3], *found[:1]])}
    assert len(keys) == 1


@settings(max_examples=60, deadline=None)
@given(items(), works(whole=(True,)), POLICIES, DAYS)
def test_of_a_work_that_is_the_item_stricter_terms_never_loosen_a_verdict(own, work, policy, day):
    said = dict(work.facts) | {"claimed": 0}
    steps = [
        Claimed(True, tuple(sorted({**said, "registry_terms": code("registry_terms", terms)}.items())), work.public_domain)
        for terms in TERMS
    ]
    found = [verdicts(own, [step], policy, day) for step in steps]
    assert all((stricter >= looser).all() for looser, stricter in pairwise(found))


@settings(max_examples=80, deadline=None)
@given(items(), works(terms=(*TERMS, "none")), POLICIES, DAYS)
def test_a_work_blocks_nothing_where_it_is_free(own, work, policy, day):
    """Where a holder refuses all the same, consent asks a person to look."""
    free = np.array(work.public_domain) == code("pd", "yes")
    if policy is not Policy.CONSENT or dict(work.facts)["registry_terms"] != code("registry_terms", "deny"):
        assert (verdicts(own, [work], policy, day) <= verdicts(own, [], policy, day))[free].all()


@settings(max_examples=40, deadline=None)
@given(items(), st.lists(works(), min_size=1, max_size=4))
def test_two_works_never_share_a_claim_and_a_work_that_is_the_item_replaces_its_own(own, found):
    made = claims(own, found, Asked.ANSWERED, GIVEN)
    alone = [claims(own, [work], Asked.ANSWERED, GIVEN) for work in found]
    assert made <= set().union(*alone)
    own_claim = claims(own, [], Asked.ANSWERED, GIVEN)
    assert own_claim <= made or any(work.whole for work in found)


@settings(max_examples=40, deadline=None)
@given(items(), works(whole=(False,)))
def test_the_items_own_rights_say_nothing_of_a_work_inside_it(own, work):
    rights = {"pd": code("pd", "yes"), "licence_covers": code("licence_covers", "yes")}
    changed = tuple(altered(word, rights) for word in own)
    (one,) = claims(own, [work], Asked.ANSWERED, GIVEN) - claims(own, [], Asked.ANSWERED, GIVEN) or [None]
    (other,) = claims(changed, [work], Asked.ANSWERED, GIVEN) - claims(changed, [], Asked.ANSWERED, GIVEN) or [None]
    assert one is None or other is None or one == other


@settings(max_examples=40, deadline=None)
@given(items(), st.lists(works(), max_size=2), POLICIES, DAYS)
def test_content_that_the_store_could_not_read_is_never_looser_than_none_found(own, found, policy, day):
    unread = verdicts(own, found, policy, day, Asked.UNREADABLE)
    assert (unread >= verdicts(own, found, policy, day)).all() or any(work.whole for work in found)


@given(items())
def test_a_store_that_was_not_asked_says_nothing_and_one_that_knows_no_work_says_none(own):
    assert claims(own, [], Asked.NEVER, GIVEN) == {own}
    (answered,) = claims(own, [], Asked.ANSWERED, GIVEN)
    assert {words(word)["registry_terms"] for word in answered} == {"none"}
    assert all(
        code_in(a, name) == code_in(b, name) for a, b in zip(own, answered, strict=True) for name in facts() if name != "registry_terms"
    )


def test_the_rights_of_an_item_are_facts_of_the_table():
    assert set(OF_THE_ITEM) <= set(facts())
