"""The table of cases of the combination, and every rule in it."""

import pytest

from sekisho.combine import REASONS, combine
from sekisho.elsewhere import elsewhere
from sekisho.model import Authenticated, Axis, Evidence, Level, Offer, Signal, Source, Value

ALLOW, DENY, LICENCE, UNKNOWN = Value.ALLOW, Value.DENY, Value.LICENCE, Value.UNKNOWN
ASSET, RESPONSE, LOCATION, REGISTRY = Level.ASSET, Level.RESPONSE, Level.LOCATION, Level.REGISTRY
PRICE = Offer(url="https://terms.example/", payment_type="training", amount="1200", currency="JPY")
POLICY = "https://a.example/policy.json"
TRAINERS = ("GPTBot", "CCBot")


def said(protocol, value, level=LOCATION, axis=Axis.TRAIN, **more):
    document = more.pop("document", "")
    return Signal(protocol, "1", level, "/", axis, value, Evidence(protocol, str(value), document), **more)


def train(*signals, **more):
    return combine(signals, Axis.TRAIN, agents=more.pop("agents", TRAINERS), **more)


SITE_TDM_DENIAL = said("tdmrep", DENY, axis=Axis.TDM)
ROBOTS_DENIAL = said("robots", DENY, addressee="GPTBot")
ROBOTS_GENERAL = said("robots", DENY, warnings=("general-disallow",))
RSL_OFFER = said("rsl", LICENCE, offers=(PRICE,))
CC_BY = said("licences", ALLOW, RESPONSE, conditions=frozenset({"attribution"}))
TRUSTED = {"authenticated": Authenticated.SIGNED_TRUSTED}

TABLE = {
    "a TDMRep file alone denies": ([SITE_TDM_DENIAL], DENY, set()),
    "an unsigned allow in the image does not lift it": ([SITE_TDM_DENIAL, said("iptc", ALLOW, ASSET)], DENY, {"conflict"}),
    "a denial in the image stands where the site says nothing": ([said("c2pa", DENY, ASSET)], DENY, set()),
    "a denial in the image beats an allow of the site": ([said("content_signal", ALLOW), said("c2pa", DENY, ASSET)], DENY, {"conflict"}),
    "a trusted signature lifts the site's denial": (
        [said("content_signal", DENY), said("c2pa", ALLOW, ASSET, **TRUSTED)],
        ALLOW,
        {"conflict"},
    ),
    "a trusted signature that does not name the creator does not": (
        [said("content_signal", DENY), said("c2pa", ALLOW, ASSET, warnings=("no-identity",), **TRUSTED)],
        DENY,
        {"conflict"},
    ),
    "a valid but untrusted signature does not": (
        [said("content_signal", DENY), said("c2pa", ALLOW, ASSET, authenticated=Authenticated.SIGNED_VALID)],
        DENY,
        {"conflict"},
    ),
    "an offer of the same site answers a refused agent": ([ROBOTS_DENIAL, RSL_OFFER], LICENCE, set()),
    "an offer of the page answers a refused agent": ([ROBOTS_DENIAL, said("rsl", LICENCE, RESPONSE, offers=(PRICE,))], LICENCE, set()),
    "a bare denial nearer than the offer stays": ([said("x_robots_tag", DENY, RESPONSE), RSL_OFFER], DENY, set()),
    "a bare denial in the work stays": ([said("iptc", DENY, ASSET), RSL_OFFER], DENY, set()),
    "a public licence on the page lifts no reservation": ([CC_BY, said("tdmrep", DENY, RESPONSE, Axis.TDM)], DENY, {"conflict-grant"}),
    "a non-commercial licence is no offer that answers a denial": ([ROBOTS_DENIAL, said("licences", LICENCE, RESPONSE)], DENY, set()),
    "a reading aid says nothing": ([said("llms_txt", UNKNOWN, warnings=("not-rights",))], UNKNOWN, set()),
    "nothing is unknown": ([], UNKNOWN, set()),
    "a public licence alone allows": ([CC_BY], ALLOW, set()),
    "the header of a protocol with a chain lifts its file": ([SITE_TDM_DENIAL, said("tdmrep", ALLOW, RESPONSE, Axis.TDM)], ALLOW, set()),
    "the file does not lift the header": (
        [said("tdmrep", ALLOW, axis=Axis.TDM), said("tdmrep", DENY, RESPONSE, Axis.TDM)],
        DENY,
        {"conflict"},
    ),
    "AIPREF has no chain: header and robots.txt count alike": ([said("aipref", DENY), said("aipref", ALLOW, RESPONSE)], DENY, {"conflict"}),
    "a misspelt denial withholds an allow": (
        [said("aipref", UNKNOWN, warnings=("deny-intent",)), said("trust_txt", ALLOW)],
        UNKNOWN,
        set(),
    ),
    "a misspelt denial in the header leaves the file's allow in doubt": (
        [said("tdmrep", ALLOW, axis=Axis.TDM), said("tdmrep", UNKNOWN, RESPONSE, Axis.TDM, warnings=("deny-intent",))],
        UNKNOWN,
        set(),
    ),
    "allowing mining at large gives way to a denial of training": (
        [said("trust_txt", DENY), said("tdmrep", ALLOW, axis=Axis.TDM)],
        DENY,
        {"conflict"},
    ),
    "allowing mining at large allows training where nobody spoke of it": ([said("tdmrep", ALLOW, axis=Axis.TDM)], ALLOW, set()),
    "a licence nearer than a denial decides": ([said("iptc", LICENCE, ASSET, offers=(PRICE,)), ROBOTS_DENIAL], LICENCE, set()),
    "a registered denial decides": ([said("registry", DENY, REGISTRY), said("c2pa", ALLOW, ASSET, **TRUSTED)], DENY, {"conflict"}),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_table_of_cases(case):
    signals, value, kinds = TABLE[case]
    result = train(*signals)
    assert result.value is value
    assert {conflict.kind for conflict in result.conflicts} == kinds


def test_a_grant_beats_every_denial_and_names_what_it_beat():
    result = train(ROBOTS_DENIAL, said("iptc", DENY, ASSET), granted=True)
    assert (result.value, result.winner) == (ALLOW, None)
    assert [loser.reason for loser in result.losers] == ["grant", "grant"]


def test_a_grant_to_use_is_no_permission_to_crawl():
    assert combine([said("robots", DENY, axis=Axis.CRAWL)], Axis.CRAWL, granted=True).value is DENY


def test_crawling_and_using_are_told_apart():
    refused = said("robots", DENY, axis=Axis.CRAWL)
    assert train(refused).value is UNKNOWN
    assert combine([refused, said("rsl", ALLOW)], Axis.CRAWL).value is DENY


def test_a_reservation_of_mining_is_a_doubt_for_use_at_inference():
    result = combine([SITE_TDM_DENIAL], Axis.AI_USE)
    assert (result.value, result.warnings) == (UNKNOWN, ("tdm-reserved",))
    assert combine([SITE_TDM_DENIAL, said("aipref", ALLOW, axis=Axis.AI_USE)], Axis.AI_USE).value is UNKNOWN


def test_a_voice_that_reserves_mining_and_allows_inference_is_taken_at_its_word():
    spoken = [said("tdm_ai", DENY, ASSET, Axis.TDM), said("tdm_ai", ALLOW, ASSET, Axis.AI_USE)]
    assert combine(spoken, Axis.AI_USE).value is ALLOW
    assert combine(spoken, Axis.TRAIN).value is DENY


def test_a_reservation_of_mining_never_touches_search():
    assert combine([SITE_TDM_DENIAL], Axis.SEARCH).value is UNKNOWN


def test_a_rule_for_every_agent_is_general_until_someone_is_named():
    assert train(ROBOTS_GENERAL).general
    assert not train(ROBOTS_GENERAL, ROBOTS_DENIAL).general
    assert not train().general


def test_a_statement_to_another_agent_is_dropped_with_its_reason():
    result = train(said("robots", DENY, addressee="Googlebot"))
    assert result.value is UNKNOWN
    assert [loser.reason for loser in result.losers] == ["addressee"]


def test_an_allow_for_one_of_several_agents_is_no_allow_for_all():
    allow = said("content_signal", ALLOW, addressee="GPTBot")
    assert train(allow).value is UNKNOWN
    assert train(allow, agents=("gptbot",)).value is ALLOW


def test_a_policy_with_a_duty_turns_the_reservation_into_a_licence_wherever_it_is_named():
    named = said("tdmrep", UNKNOWN, RESPONSE, Axis.TDM, offers=(Offer(licence_uri=POLICY),))
    policy = said("tdm_policy", LICENCE, axis=Axis.TDM, document=POLICY, offers=(Offer(url="mailto:rights@a.example"),))
    result = train(SITE_TDM_DENIAL, named, policy)
    assert result.value is LICENCE
    assert result.offers == (Offer(url="mailto:rights@a.example"),)


def test_a_policy_that_was_not_read_leaves_the_reservation_as_it_is():
    reserved = said("tdmrep", DENY, axis=Axis.TDM, offers=(Offer(licence_uri=POLICY),))
    unread = said("tdm_policy", UNKNOWN, axis=Axis.TDM, document=POLICY, warnings=("malformed",))
    assert train(reserved, unread).value is DENY
    assert train(reserved).offers == (Offer(licence_uri=POLICY),)


def test_a_policy_that_nobody_points_to_says_nothing():
    assert train(said("tdm_policy", ALLOW, axis=Axis.TDM, document=POLICY)).value is UNKNOWN


def test_terms_stand_where_they_are_pointed_to():
    pointer = said("rsl", UNKNOWN, RESPONSE, Axis.TDM, warnings=("terms-elsewhere",), offers=(Offer(licence_uri=POLICY),))
    terms = said("rsl", ALLOW, document=POLICY)
    site = said("rsl", DENY, document="https://a.example/site.xml")
    assert train(pointer, terms).winner.level is RESPONSE
    assert train(pointer, terms, site).value is ALLOW
    assert train(pointer).value is UNKNOWN
    assert train(pointer, said("trust_txt", ALLOW)).value is UNKNOWN, "terms that were not read may deny"


def test_the_addresses_to_be_read_are_told_with_what_they_hold():
    pointer = said("rsl", UNKNOWN, warnings=("terms-elsewhere",), offers=(Offer(licence_uri="https://a.example/l.xml"),))
    named = said("tdmrep", DENY, axis=Axis.TDM, offers=(Offer(licence_uri=POLICY),))
    unnamed = said("rsl", UNKNOWN, warnings=("terms-elsewhere", "malformed"))
    assert elsewhere([pointer, named, unnamed, RSL_OFFER]) == (("https://a.example/l.xml", Source.RSL), (POLICY, Source.POLICY))


def test_terms_pointed_to_for_another_agent_are_not_ours():
    pointer = said("rsl", UNKNOWN, axis=Axis.TDM, addressee="Googlebot", warnings=("terms-elsewhere",), offers=(Offer(licence_uri=POLICY),))
    assert train(pointer, said("rsl", DENY, document=POLICY)).value is UNKNOWN


def test_terms_for_a_part_of_the_page_grant_nothing_for_all_of_it_but_may_deny():
    words = ("terms-elsewhere", "partial-scope")
    pointer = said("rsl", UNKNOWN, RESPONSE, Axis.TDM, warnings=words, offers=(Offer(licence_uri=POLICY),))
    assert train(pointer, said("rsl", ALLOW, document=POLICY)).value is UNKNOWN
    assert train(pointer, said("rsl", DENY, document=POLICY)).value is DENY


@pytest.mark.parametrize(
    ("word", "places", "value"),
    [
        ("geo=JP", ("JP",), ALLOW),
        ("geo=JP", ("JP", "US"), DENY),
        ("geo=EU", ("FR",), ALLOW),
        ("geo=FR", ("EU",), DENY),
        ("geo!=US", ("JP",), ALLOW),
        ("geo!=US", ("US",), DENY),
        ("geo!=FR", ("EU",), DENY),
        ("geo!=EU", ("DE",), DENY),
        ("geo=JP", (), ALLOW),
    ],
)
def test_terms_limited_to_places_cover_no_other(word, places, value):
    assert train(said("rsl", ALLOW, conditions=frozenset({word})), places=places).value is value


def test_each_group_of_levels_has_its_own_value():
    result = train(said("iptc", LICENCE, ASSET, offers=(PRICE,)), ROBOTS_DENIAL)
    assert result.at(LOCATION, RESPONSE) is DENY
    assert result.at(ASSET) is LICENCE
    assert result.at(REGISTRY) is UNKNOWN


def test_an_allow_carries_the_conditions_of_all_who_allow():
    share_alike = said("iptc", ALLOW, ASSET, conditions=frozenset({"share-alike"}))
    assert train(CC_BY, share_alike).conditions == {"attribution", "share-alike"}


def test_every_loser_has_a_reason_in_both_languages():
    signals = [*(signal for spoken, _, _ in TABLE.values() for signal in spoken), said("robots", DENY, addressee="Nobody")]
    for signal in signals:
        result = train(*signals, signal)
        assert {loser.reason for loser in result.losers} <= REASONS.keys()
    assert all(text.en and text.ja for text in REASONS.values())
