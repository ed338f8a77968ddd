import pytest

from sekisho.formats.text import is_html, served

RULES = "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_becomes_utf_8(encoding):
    assert served(RULES.encode(encoding), 1 << 20) == (RULES.encode(), ("encoding",))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\xef\xbb", b"\xef"])
def test_a_byte_order_mark_goes_even_when_cut_short(mark):
    assert served(mark + RULES.encode(), 1 << 20) == (RULES.encode(), ())


def test_a_body_over_the_limit_ends_with_its_last_whole_line():
    assert served(b"one\ntwo\nthree", 9) == (b"one\ntwo\n", ("truncated",))
    assert served(b"one\rtwo\rthree", 9) == (b"one\rtwo\r", ("truncated",))
    assert served(b"endless", 3) == (b"", ("truncated",))


def test_a_character_cut_by_the_limit_is_no_wrong_encoding():
    assert served("あ\nい".encode(), 6).warnings == ("truncated",)


def test_octets_of_another_encoding_stay_and_read_as_latin_1():
    assert served(b"caf\xe9", 99) == (b"caf\xe9", ("encoding",))
    assert served(b"caf\xe9", 99).text == "café"


def test_binary_octets_are_said_to_be_unreadable():
    assert "unreadable" in served(b"\x1f\x8b\x08\x00\x00\x00", 99).warnings


@pytest.mark.parametrize("body", [b"<!DOCTYPE html>", b" \n<HTML lang=ja>", b"<head>", b"<body>"])
def test_a_page_is_known_by_its_first_tag(body):
    assert is_html(body)
    assert served(body, 99).warnings == ("wrong-type",)


@pytest.mark.parametrize("body", [b"", b"<?xml version='1.0'?><rsl/>", b"User-agent: *", b"# <html>"])
def test_other_text_is_no_page(body):
    assert not is_html(body)
