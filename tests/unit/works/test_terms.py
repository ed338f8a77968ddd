from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.errors import UsageError
from sekisho.model import Verdict
from sekisho.works.terms import facts, parse, standing, verdict_of
from sekisho.works.values import Declared, Identity, RightsHolder, Share, Terms, TermsKind

A, B = RightsHolder("A"), RightsHolder("B")
CLAIMANT = RightsHolder("C", identity=Identity.CLAIMED)
DAY = date(2026, 5, 1)


def said(holder, words, on=DAY):
    return Declared(holder, parse(words), on)


@given(st.sampled_from(["no", "ask", "credit", "yes", "offer:JPY:100", "offer:USD:0.25", "offer:EUR:9999:train"]))
def test_terms_are_written_as_they_are_read(words):
    assert str(parse(words)) == words


def test_an_offer_has_an_exact_price():
    assert parse("offer:JPY:0.1").amount == Decimal("0.1")


@pytest.mark.parametrize(
    "words", ["", "No", "maybe", "offer", "offer:yen:100", "offer:JPY:-1", "offer:JPY:1e9", "offer:JPY:1:2:3", "offer:JPY:１００円"]
)
def test_other_words_are_refused_with_what_to_write(words):
    with pytest.raises(UsageError, match="offer:JPY:100") as caught:
        parse(words)
    assert "許諾条件" in caught.value.ja


@pytest.mark.parametrize(
    ("kind", "identity", "verdict"),
    [
        (TermsKind.NO, Identity.OWN, Verdict.DENY),
        (TermsKind.NO, Identity.CLAIMED, Verdict.UNKNOWN),
        (TermsKind.YES, Identity.DOMAIN, Verdict.ALLOW),
        (TermsKind.YES, Identity.CLAIMED, Verdict.UNKNOWN),
        (TermsKind.CREDIT, Identity.SIGNED, Verdict.ALLOW),
        (TermsKind.CREDIT, Identity.CLAIMED, Verdict.UNKNOWN),
        (TermsKind.ASK, Identity.OWN, Verdict.LICENCE),
        (TermsKind.OFFER, Identity.ORGANISATION, Verdict.LICENCE),
        (TermsKind.OFFER, Identity.CLAIMED, Verdict.LICENCE),
    ],
)
def test_a_mere_claimant_can_neither_grant_nor_forbid(kind, identity, verdict):
    assert verdict_of(kind, identity) is verdict


@pytest.mark.parametrize("kind", TermsKind)
def test_a_claim_never_becomes_a_fact_of_the_register(kind):
    assert facts(Terms(kind), Identity.CLAIMED)["registry_terms"] == "none"


def test_the_word_of_the_day_counts_and_later_ones_do_not():
    history = [said(A, "yes", date(2026, 1, 1)), said(A, "no", date(2026, 6, 1))]
    shares = (Share(A),)
    assert standing(history, shares, date(2025, 12, 31)) is None
    assert standing(history, shares, date(2026, 5, 31)).terms.kind is TermsKind.YES
    assert standing(history, shares, date(2026, 6, 1)).terms.kind is TermsKind.NO


def test_the_later_recorded_of_two_words_of_one_day_counts():
    assert standing([said(A, "yes"), said(A, "no")], (Share(A),), DAY).terms.kind is TermsKind.NO


def test_of_several_holders_the_strictest_decides():
    shares = (Share(A, Fraction(1, 2)), Share(B, Fraction(1, 2)))
    assert standing([said(A, "yes"), said(B, "no")], shares, DAY).terms.kind is TermsKind.NO
    assert standing([said(A, "yes"), said(B, "credit")], shares, DAY).terms.kind is TermsKind.CREDIT


def test_a_holder_of_a_share_who_said_nothing_is_to_be_asked():
    shares = (Share(A, Fraction(1, 2)), Share(B, Fraction(1, 2)))
    deciding = standing([said(A, "yes")], shares, DAY)
    assert deciding.terms.kind is TermsKind.ASK
    assert deciding.holder == B


def test_two_prices_are_not_added_up_but_asked_for():
    shares = (Share(A, Fraction(1, 2)), Share(B, Fraction(1, 2)))
    assert standing([said(A, "offer:JPY:100"), said(B, "offer:USD:1")], shares, DAY).terms.kind is TermsKind.ASK


def test_somebody_without_a_share_has_no_voice():
    assert standing([said(A, "yes"), said(CLAIMANT, "no")], (Share(A),), DAY).terms.kind is TermsKind.YES


@given(st.permutations([said(A, "yes"), said(B, "credit"), said(CLAIMANT, "no")]))
def test_the_order_of_different_voices_does_not_matter(history):
    shares = tuple(Share(holder, Fraction(1, 3)) for holder in (A, B, CLAIMANT))
    deciding = standing(history, shares, DAY)
    assert verdict_of(deciding.terms.kind, deciding.holder.identity) is Verdict.UNKNOWN
