"""Recorded hops put together again: where a chain ends counts for the address that was asked, and only that."""

from datetime import UTC, datetime

import pytest

from sekisho.model import ENDLESS, Observation, Source
from sekisho.observe.redirects import destination, followed

AT = datetime(2026, 11, 22, tzinfo=UTC)


def seen(url, status=200, to="", failure=None, body=b""):
    headers = (("Location", to),) if to else (("Content-Type", "text/plain"),)
    return Observation(url, Source.HEADERS, body, headers, status, AT, failure)


def found(*observations):
    return [(one.url, one.status, one.failure, one.body) for one in followed(observations)]


def test_the_answer_at_the_end_of_a_chain_counts_for_every_address_on_the_way():
    chain = [seen("http://a/robots.txt", 301, "http://b/x"), seen("http://b/x", 302, "/y"), seen("http://b/y", body=b"end")]
    assert found(*chain) == [(url, 200, None, b"end") for url in ("http://b/y", "http://a/robots.txt", "http://b/x")]


def test_a_robots_txt_stays_one_wherever_its_words_lie():
    hops = [seen("http://a/robots.txt", 301, "http://b/x"), seen("http://b/x", body=b"User-agent: *")]
    assert {one.url: one.source for one in followed(hops)}["http://a/robots.txt"] is Source.ROBOTS


def test_hops_of_other_chains_may_stand_between():
    first, second = seen("http://a/", 301, "http://b/"), seen("http://c/", 301, "http://b/")
    assert [one[0] for one in found(first, second, seen("http://x/"), seen("http://b/"))] == [
        "http://x/",
        "http://b/",
        "http://a/",
        "http://c/",
    ]


def test_a_failure_recorded_for_the_address_that_was_asked_ends_its_chain():
    hops = [seen("http://a/", 301, "http://b/"), seen("http://a/", None, failure="more than 5 redirects"), seen("http://b/")]
    assert [(one[0], one[2]) for one in found(*hops)] == [("http://a/", "more than 5 redirects"), ("http://b/", None)]


def test_a_circle_of_recorded_hops_never_ends_for_a_well_known_file():
    hops = [seen("http://a/ai.txt", 301, "http://b/"), seen("http://b/", 301, "http://a/ai.txt"), seen("http://c/ai.txt", 301, "http://b/")]
    assert {one[:2] for one in found(*hops)} == {("http://a/ai.txt", ENDLESS), ("http://b/", 301), ("http://c/ai.txt", ENDLESS)}


def test_redirects_that_never_end_are_no_file_for_the_address_that_was_asked():
    hops = [seen("http://a/", 301, "http://b/"), seen("http://b/", 301, "http://c/"), seen("http://a/", ENDLESS)]
    assert found(*hops) == [("http://a/", ENDLESS, None, b""), ("http://b/", 301, None, b"")]


def test_a_redirect_whose_end_was_never_recorded_stays_a_redirect():
    assert found(seen("http://a/", 301, "http://b/")) == [("http://a/", 301, None, b"")]


@pytest.mark.parametrize(
    ("location", "where"),
    [("/x", "http://a/x"), ("//b/x#part", "http://b/x"), ("https://user:secret@b/", "https://b/"), ("HTTP://B:80/", "http://b/"),
     ("ftp://b/", ""), ("javascript:alert(1)", ""), ("http://", ""), ("file:///etc/passwd", ""), ("http://[::1", "")],
)  # fmt: skip
def test_a_location_leads_to_a_web_address_or_nowhere(location, where):
    assert destination("http://a/", location) == where
