import sys

import pytest
from media_files import jpeg, jxl, mp3, mp4, packet, pdf, picture, svg, wav
from signed_files import MEDIA, anchors, mining, signed, use

from sekisho.model import Ask, Authenticated, Axis, Observation, Source, Value
from sekisho.signals import c2pa

PLAIN, TRUSTING = Ask(), Ask(trust_anchors=anchors())


def read(body, ask=PLAIN, source=Source.IMAGE):
    return list(c2pa.read(Observation("https://a.example/p", source, body), ask))


def said(body, ask=PLAIN, source=Source.IMAGE):
    return [(signal.axis.value, signal.value.value, *sorted(signal.warnings)) for signal in read(body, ask, source)]


@pytest.mark.parametrize("form", MEDIA)
def test_a_denial_is_read_from_every_container(form):
    (signal,) = read(signed(use("notAllowed"), form=form))
    assert (signal.axis, signal.value, signal.authenticated) == (Axis.TRAIN, Value.DENY, Authenticated.SIGNED_VALID)
    assert "cawg.training-mining, signed by Camera, Sekisho Tests" in signal.evidence.where
    assert signal.evidence.quote == '{"cawg.ai_generative_training": {"use": "notAllowed"}}'


OTHERS = {
    "application/pdf": pdf(),
    "image/svg+xml": svg(),
    "video/mp4": mp4(),
    "audio/wav": wav(b"<a/>"),
    "audio/mpeg": mp3(b"<a/>") + b"\x00" * 413,
    "image/jxl": jxl(b"<a/>"),
    "image/dng": picture("TIFF"),
}


@pytest.mark.parametrize("media", OTHERS)
def test_a_denial_is_read_from_what_is_no_plain_picture(media):
    assert said(signed(use("notAllowed"), form=media, source=OTHERS[media])) == [("train", "deny")]


def test_a_manifest_beside_its_file_denies_but_does_not_allow():
    for word, expected in (("notAllowed", ("deny",)), ("allowed", ("unknown", "invalid-signature", "no-identity"))):
        assert said(signed(use(word), detached=True), source=Source.SIDECAR) == [("train", *expected)]


@pytest.mark.parametrize(
    ("key", "axis"),
    [("data_mining", "tdm"), ("ai_inference", "ai_use"), ("ai_training", "train_nongen"), ("ai_generative_training", "train")],
)
@pytest.mark.parametrize("family", ["cawg", "c2pa"])
def test_each_entry_speaks_of_its_own_use_alone(family, key, axis):
    assert said(signed(use("notAllowed", f"{family}.{key}"))) == [(axis, "deny")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"use": "allowed"}, ("allow", "no-identity")),
        ({"use": "notAllowed"}, ("deny",)),
        ({"use": "constrained"}, ("deny",)),
        ({"use": "constrained", "constraint_info": ""}, ("deny",)),
        ({"use": "constrained", "constraint_info": "https://l.example/tdm"}, ("licence",)),
        ({"use": "constrained", "constraints_info": "ask the author"}, ("licence",)),
        ({"use": "denied"}, ("unknown", "deny-intent", "malformed")),
        ({"use": "NotAllowed"}, ("unknown", "deny-intent", "malformed")),
        ({"use": "Allowed"}, ("unknown", "malformed")),
        ({"use": True}, ("unknown", "malformed")),
        ({"use": ["allowed"]}, ("unknown", "malformed")),
        ({}, ("unknown", "malformed")),
        ("notAllowed", ("unknown", "deny-intent", "malformed")),
        ("allowed", ("unknown", "malformed")),
        (1, ("unknown", "malformed")),
    ],
)
def test_a_word_means_what_the_specification_says_or_nothing(entry, expected):
    assert said(signed(mining({"cawg.ai_inference": entry}))) == [("ai_use", *expected)]


def test_an_address_in_the_constraint_is_the_offer():
    (signal,) = read(signed(use("constrained", constraint_info="terms: https://l.example/tdm")))
    assert [offer.url for offer in signal.offers] == ["https://l.example/tdm"]


def test_a_use_that_is_not_listed_is_not_spoken_of():
    assert said(signed(mining({}))) == []


def test_a_manifest_without_the_assertion_says_nothing():
    assert said(signed()) == []


def test_keys_of_others_are_passed_over():
    assert said(signed(mining({"com.example.train": {"use": "notAllowed"}}))) == []


def test_a_misspelt_key_that_refuses_is_a_doubt():
    assert said(signed(mining({"cawg.ai_trainning": {"use": "notAllowed"}}))) == [("tdm", "unknown", "deny-intent", "malformed")]


def test_a_misspelt_key_that_allows_says_nothing():
    assert said(signed(mining({"cawg.ai_trainning": {"use": "allowed"}}))) == []


def test_entries_at_the_top_are_those_of_version_1_0():
    body = signed({"label": "cawg.training-mining", "data": {"cawg.ai_training": {"use": "notAllowed"}, "metadata": {"note": "no"}}})
    assert said(body) == [("train_nongen", "deny", "legacy-label")]


@pytest.mark.parametrize("entries", [[], "notAllowed", None, 1])
def test_entries_that_are_no_object_are_malformed(entries):
    ((axis, value, *warnings),) = said(signed(mining(entries)))
    assert (axis, value, warnings[-1]) == ("tdm", "unknown", "malformed")


def test_a_key_of_the_other_family_denies_but_does_not_allow():
    body = signed(mining({"c2pa.ai_training": {"use": "allowed"}, "c2pa.data_mining": {"use": "notAllowed"}}))
    assert sorted(said(body)) == [("tdm", "deny", "non-canonical"), ("train_nongen", "unknown", "non-canonical")]


def test_both_labels_are_read_and_the_stricter_is_among_them():
    body = signed(use("allowed", "cawg.data_mining"), use("notAllowed", "c2pa.data_mining"))
    assert said(body) == [("tdm", "allow", "no-identity"), ("tdm", "deny")]
    assert [signal.version for signal in read(body)] == ["CAWG 1.1", "C2PA 1.4"]


def test_a_second_instance_of_the_assertion_is_read():
    body = signed(use("allowed"), use("notAllowed"))
    assert said(body) == [("train", "allow", "no-identity"), ("train", "deny")]
    assert "cawg.training-mining__1" in read(body)[1].evidence.where


def test_a_signature_under_a_trusted_authority_is_trusted():
    body = signed(use("allowed"))
    assert [signal.authenticated for signal in read(body, TRUSTING)] == [Authenticated.SIGNED_TRUSTED]
    assert [signal.authenticated for signal in read(body)] == [Authenticated.SIGNED_VALID]


def test_a_creator_is_named_where_an_identity_covers_the_assertion():
    (signal,) = read(signed(use("allowed"), creator="Hanako"))
    assert signal.warnings == ()
    assert "identity Hanako, Sekisho Tests" in signal.evidence.where


@pytest.mark.parametrize("ask", [Ask(), TRUSTING])
def test_a_changed_picture_keeps_its_denial_and_loses_its_allow(ask):
    for word, expected in (("notAllowed", [("train", "deny")]), ("allowed", [("train", "unknown", "invalid-signature", "no-identity")])):
        body = bytearray(signed(use(word)))
        body[-30] ^= 1
        assert said(bytes(body), ask) == expected
        assert [signal.authenticated for signal in read(bytes(body), ask)] == [Authenticated.NONE]


def test_a_changed_word_is_no_allow():
    body = signed(use("notAllowed")).replace(b"jnotAllowed", b"gallowed\x63use", 1)
    assert Value.ALLOW not in [signal.value for signal in read(body)]


@pytest.mark.parametrize("end", [0.3, 0.6, 0.9])
def test_a_file_cut_short_is_unreadable(end):
    body = signed(use("allowed"))
    ((axis, value, *warnings),) = said(body[: int(len(body) * end)])
    assert (axis, value) == ("tdm", "unknown")
    assert "unreadable" in warnings


def test_every_flipped_bit_of_a_denial_is_never_an_allow():
    body = bytearray(signed(use("notAllowed")))
    for at in range(0, len(body), 97):
        body[at] ^= 1 << at % 8
        assert Value.ALLOW not in [signal.value for signal in read(bytes(body))]
        body[at] ^= 1 << at % 8


def test_where_the_active_manifest_is_silent_its_parent_speaks():
    parent = signed(use("notAllowed", "cawg.ai_training"), use("notAllowed", "cawg.ai_inference"))
    child = signed(use("allowed", "cawg.ai_inference"), source=parent, ingredients=[("parentOf", parent)])
    assert said(child) == [("ai_use", "allow", "no-identity"), ("train_nongen", "deny")]


def test_a_word_of_the_parent_is_never_trusted_through_its_child():
    parent = signed(use("allowed"))
    child = signed(source=parent, ingredients=[("parentOf", parent)])
    assert [signal.authenticated for signal in read(child, TRUSTING)] == [Authenticated.SIGNED_VALID]


def test_an_altered_parent_allows_nothing():
    parent = bytearray(signed(use("allowed")))
    parent[-30] ^= 1
    child = signed(source=bytes(parent), ingredients=[("parentOf", bytes(parent))])
    assert said(child) == [("train", "unknown", "invalid-signature", "no-identity")]


def test_a_malformed_word_of_the_child_does_not_hide_the_parents_denial():
    parent = signed(use("notAllowed"))
    child = signed(use("perhaps"), source=parent, ingredients=[("parentOf", parent)])
    assert said(child) == [("train", "unknown", "malformed"), ("train", "deny")]


def test_a_denial_of_a_component_is_a_doubt_about_the_whole():
    component = signed(use("notAllowed", "cawg.data_mining"))
    assert said(signed(use("allowed"), ingredients=[("componentOf", component)])) == [
        ("train", "allow", "no-identity"),
        ("tdm", "unknown", "component-deny"),
    ]


def test_without_the_extra_a_manifest_is_unreadable_and_the_extra_named(monkeypatch):
    body = signed(use("allowed"))
    monkeypatch.setitem(sys.modules, "c2pa", None)
    (signal,) = read(body)
    assert (signal.axis, signal.value) == (Axis.TDM, Value.UNKNOWN)
    assert signal.warnings == ("missing-extra", "extra=c2pa", "unreadable")
    assert "sekisho[c2pa]" in signal.evidence.quote


def test_a_manifest_at_an_address_is_named_and_not_fetched():
    space = "http://purl.org/dc/terms/"
    body = jpeg(packet("<t:provenance>https://b.example/m.c2pa</t:provenance>", prefix="t", space=space))
    (signal,) = read(body)
    assert (signal.value, signal.warnings, signal.evidence.quote) == (
        Value.UNKNOWN,
        ("remote-manifest", "unreadable"),
        "https://b.example/m.c2pa",
    )


def test_a_file_without_a_manifest_says_nothing():
    assert read(jpeg()) == []
