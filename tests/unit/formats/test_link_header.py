"""Link headers, as they should be and as they are."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.formats.link_header import links


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('<https://a.example/>; rel="license"', [("https://a.example/", {"license"}, "")]),
        ("<a>;rel=License;type=text/xml", [("a", {"license"}, "text/xml")]),
        ('<a>; rel="x LICENSE" ; type="Application/RSL+XML; charset=utf-8"', [("a", {"x", "license"}, "application/rsl+xml")]),
        ('<a,b>; title="x, <c>; rel=no"; rel=license, <d>; rel=next', [("a,b", {"license"}, ""), ("d", {"next"}, "")]),
        ("<a>; rel=one; rel=two", [("a", {"one"}, "")]),
        ('<a>; rel="li\\cense"', [("a", {"license"}, "")]),
        ("garbage; rel=license, <a>; rel=b", [("a", {"b"}, "")]),
        ("<a", []),
        ("", []),
        ("<a>", [("a", set(), "")]),
    ],
)
def test_links_are_found_with_relations_and_type(value, found):
    assert [(link.target, set(link.relations), link.type) for link in links([value])] == found


@given(st.lists(st.text(alphabet='<>;,="\\ rel\tx')))
def test_no_header_raises(values):
    assert all("<" in link.text for link in links(values))


@pytest.mark.parametrize("piece", ["<", '<a>;x="', "<a>; ", ";", '\\"', "<a>;a=b "])
def test_time_grows_with_the_length_and_not_with_its_square(piece):
    started = time.process_time()
    list(links([piece * (64 * 1024 // len(piece))]))
    assert time.process_time() - started < 5
