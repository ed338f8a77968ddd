"""Dictionaries of structured fields, held to the grammar of RFC 9651 octet by octet: section 3.2 for keys, 3.3 for values, 4.2 for what fails."""

import re

import pytest

from sekisho.formats.structured import dictionary
from sekisho.model import Ask, Axis, Observation, Source, Value
from sekisho.signals import aipref

OCTETS = [bytes((octet,)) for octet in range(256)]
KEY_BEGINS, KEY_GOES_ON = re.compile(rb"[a-z*]"), re.compile(rb"[a-z0-9_.*-]")
TOKEN_BEGINS, TOKEN_GOES_ON = re.compile(rb"[A-Za-z*]"), re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~:/-]")
BLANK = b" \t"
AROUND_A_MEMBER = {b",", b";", b"=", *OCTETS[9:10], *OCTETS[32:33]}


def keys(raw):
    found = dictionary(raw)
    return None if found is None else list(found)


@pytest.mark.parametrize("octet", OCTETS, ids=lambda octet: octet.hex())
def test_a_key_begins_with_a_small_letter_or_an_asterisk(octet):
    expected = [(octet + b"x").decode("latin-1")] if KEY_BEGINS.match(octet) else ["x"] if octet == b" " else None
    assert keys(octet + b"x=n") == expected


@pytest.mark.parametrize("octet", OCTETS, ids=lambda octet: octet.hex())
def test_a_key_goes_on_with_what_the_grammar_lists(octet):
    if octet not in AROUND_A_MEMBER:
        assert keys(b"x" + octet + b"=n") == ([f"x{octet.decode('latin-1')}"] if KEY_GOES_ON.match(octet) else None)


@pytest.mark.parametrize("octet", OCTETS, ids=lambda octet: octet.hex())
def test_a_token_is_made_of_what_the_grammar_lists(octet):
    if octet not in AROUND_A_MEMBER:
        found = dictionary(b"x=y" + octet)
        assert (found["x"].token if found else None) == (f"y{octet.decode('latin-1')}" if TOKEN_GOES_ON.match(octet) else None)
    begun = dictionary(b"x=" + octet + b"y")
    if octet not in b'@?:"(%-0123456789':
        assert (begun["x"].token if begun else None) == (f"{octet.decode('latin-1')}y" if TOKEN_BEGINS.match(octet) else None)


@pytest.mark.parametrize(
    ("raw", "members"),
    [
        (b"", {}), (b"  ", {}), (b"a=y", {"a": "y"}), (b" a=y ", {"a": "y"}), (b"a=y,b=n", {"a": "y", "b": "n"}),
        (b"a=y ,\t b=n", {"a": "y", "b": "n"}), (b"a=y,a=n", {"a": "n"}), (b"a=n,b=y,a", {"a": None, "b": "y"}),
        (b"a", {"a": None}), (b"a;x=1,b=n", {"a": None, "b": "n"}), (b"a=y;x;z=2", {"a": "y"}), (b"a=n; x=1", {"a": "n"}),
        (b'a="n"', {"a": None}), (b"a=?0", {"a": None}), (b"a=1", {"a": None}), (b"a=-1.5", {"a": None}), (b"a=(y n)", {"a": None}),
        (b"a=:eQ==:", {"a": None}), (b"a=@1", {"a": None}), (b'a=%"y"', {"a": None}), (b"a=()", {"a": None}), (b"a=(y n);q", {"a": None}),
        (b"a=y,", None), (b",a=y", None), (b"a=y,,b=n", None), (b"a=y b=n", None), (b"a= y", None), (b"a =y", None), (b"a=", None),
        (b"a=y;", None), (b"a=y ;x", None), (b"a=y;X=1", None), (b"A=y", None), (b"=y", None), (b"a==y", None), (b"a=y;x=", None),
        (b'a="n', None), (b"a=(y n", None), (b"a=(y,n)", None), (b"a=(y  n )", {"a": None}), (b"a=?2", None), (b"a=1.", None),
        (b"a=1234567890123456", None), (b"a=:eQ=:x", None), (b"a=\xe3\x81\x82", None), (b'a="\xe3\x81\x82"', None), (b"a=y\n", None),
        (b"a=y\r\n ,b=n", None), (b"a=y\x00", None), (b"\ta=y", None), (b"a=y\t", {"a": "y"}),
    ],
)  # fmt: skip
def test_what_parses_and_what_fails_as_a_whole(raw, members):
    found = dictionary(raw)
    assert (None if found is None else {key: member.token for key, member in found.items()}) == members


@pytest.mark.parametrize("octet", OCTETS, ids=lambda octet: octet.hex())
@pytest.mark.parametrize("place", ["before", "in the key", "before the value", "after"])
def test_no_octet_put_into_a_no_turns_it_into_an_allow(octet, place):
    raw = {
        "before": octet + b"train-ai=n",
        "in the key": b"train" + octet + b"-ai=n",
        "before the value": b"train-ai=" + octet + b"n",
        "after": b"train-ai=n" + octet,
    }[place]
    seen = Observation("https://a.example/x", Source.HEADERS, headers=(("Content-Usage", raw.decode("latin-1")),), status=200)
    said = [signal for signal in aipref.read(seen, Ask("https://a.example/x")) if signal.axis is Axis.TRAIN]
    assert all(signal.value is not Value.ALLOW for signal in said)
