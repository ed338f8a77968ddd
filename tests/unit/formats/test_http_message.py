import pytest

from sekisho.formats.http_message import Message, parse


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_status_fields_and_body_are_taken_apart(end):
    data = end.join(["HTTP/2 200 ", "Content-Type: text/html", "X-Robots-Tag: noai", "x-robots-tag: a: noindex", "", "<p>x"])
    fields = (("Content-Type", "text/html"), ("X-Robots-Tag", "noai"), ("x-robots-tag", "a: noindex"))
    assert parse(data.encode()) == Message(200, fields, b"<p>x")


def test_a_status_line_may_be_missing():
    assert parse(b"X-Robots-Tag: noai\n") == Message(None, (("X-Robots-Tag", "noai"),), b"")


def test_of_several_responses_the_last_counts():
    data = b"HTTP/1.1 301 Moved\r\nLocation: /b\r\nTDM-Reservation: 0\r\n\r\nHTTP/1.1 200 OK\r\nTDM-Reservation: 1\r\n\r\n"
    assert parse(data) == Message(200, (("TDM-Reservation", "1"),), b"")


def test_a_field_goes_on_in_the_next_line():
    assert parse(b"X-Robots-Tag: noindex,\n  noai\n").headers == (("X-Robots-Tag", "noindex, noai"),)


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\x00\xff", b"no field here", b"HTTP/1.1 200 OK\r\n\r\n" * 1000])
def test_anything_else_gives_what_there_is(data):
    assert parse(data).headers == ()


def test_a_value_in_latin_1_is_kept():
    assert parse("X: caf\u00e9".encode("latin-1")).headers == (("X", "café"),)
