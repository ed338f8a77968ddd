"""The public doors of robots.py that vectors cannot reach: bare decisions, rule sets, the comparison mode, size and time."""

import time

import pytest

from sekisho.model import Ask, Observation, Source
from sekisho.signals import robots

MISSPELT = b"useragent: GPTBot\ndisalow: /\n"


def test_a_decision_is_asked_with_an_agent_and_an_address():
    parsed = robots.parse(b"User-agent: GPTBot\nDisallow: /private\n")
    assert not parsed.allows("GPTBot", "https://a.example/private/x")
    assert parsed.allows("GPTBot", "https://a.example/open")
    assert parsed.allows("CCBot", "https://a.example/private/x")


def test_an_agent_may_be_asked_with_its_version():
    assert not robots.parse(b"User-agent: GPTBot\nDisallow: /\n").allows("GPTBot/1.2", "https://a.example/x")


def test_an_agent_that_is_no_product_token_falls_to_everybody():
    parsed = robots.parse(b"User-agent: *\nDisallow: /\nUser-agent: Foo Bar\nAllow: /x/\nDisallow: /\n")
    assert parsed.allows("Foo", "https://a.example/x/")
    assert not parsed.allows("Foo Bar", "https://a.example/x/")


def test_without_leniency_only_the_words_of_the_standard_count():
    assert not robots.parse(MISSPELT).allows("GPTBot", "https://a.example/")
    assert robots.parse(MISSPELT, lenient=False).allows("GPTBot", "https://a.example/")


def test_agents_under_the_same_rules_share_one_rule_set():
    parsed = robots.parse(b"User-agent: a\nUser-agent: b\nDisallow: /x\n\nUser-agent: c\nDisallow: /x\n\nUser-agent: d\nDisallow: /y\n")
    assert parsed.select("a").rules is parsed.select("b").rules is parsed.select("c").rules
    assert parsed.select("a").rules is not parsed.select("d").rules


def test_a_selection_says_whether_the_agent_was_named():
    parsed = robots.parse(b"User-agent: *\nDisallow: /x\nUser-agent: GPTBot\nAllow: /\n")
    assert parsed.select("gptbot").named
    assert not parsed.select("CCBot").named
    assert not robots.parse(b"").select("CCBot").named


def test_a_rule_set_takes_a_path_as_a_fetcher_sends_it():
    rules = robots.parse("User-agent: *\nDisallow: /ツ\nAllow: /%62$".encode()).select("*").rules
    assert not rules.allows("/ツ/1".encode())
    assert not rules.allows(b"/%e3%83%84/1")
    assert rules.allows(b"/b")
    assert rules.allows(b"/robots.txt")


@pytest.mark.parametrize(
    ("rule", "path", "rfc", "google"),
    [
        ("/foo/bar/ツ", "/foo/bar/ツ", False, True),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", False, True),
        ("/a%2fb", "/a%2Fb", False, False),
        ("/a%2Fb", "/a%2fb", False, True),
        ("/a%2Ab", "/a*b", False, True),
    ],
)
def test_the_comparison_mode_decodes_nothing_as_google_does(rule, path, rfc, google):
    body, url = f"User-agent: *\nDisallow: {rule}\n".encode(), f"https://a.example{path}"
    assert robots.parse(body).allows("x", url) is rfc
    assert robots.parse(body, encoding="google").allows("x", url) is google


def test_only_the_comparison_mode_reads_an_index_page_as_its_folder():
    body = b"User-agent: *\nAllow: /open/index.html\nDisallow: /\n"
    assert robots.parse(body, encoding="google").allows("x", "https://a.example/open/")
    assert not robots.parse(body, encoding="google").allows("x", "https://a.example/open/x")
    assert not robots.parse(body).allows("x", "https://a.example/open/")


def test_a_line_counts_up_to_the_octets_that_google_keeps():
    kept = 16_663 - len("Disallow: ")
    parsed = robots.parse(b"User-agent: *\nDisallow: /" + b"a" * 20_000)
    assert not parsed.allows("x", "https://a.example/" + "a" * (kept - 1))
    assert parsed.allows("x", "https://a.example/" + "a" * (kept - 2))


def test_evidence_of_a_thousand_lines_stays_small():
    body = b"User-agent: GPTBot\n" * 1000 + b"Disallow: /\n" * 1000
    (crawl, _) = robots.read(Observation("https://a.example/robots.txt", Source.ROBOTS, body), Ask("https://a.example/x", ("GPTBot",)))
    assert len(crawl.evidence.quote.encode()) <= 2048
    assert len(crawl.evidence.where) < 200


HOSTILE = {
    "wildcards": b"User-agent: *\nDisallow: /" + b"*a" * 8000 + b"$\n",
    "many wildcard rules": b"User-agent: *\n" + b"Disallow: /*a*b*c*d\n" * 25_000,
    "agents times rules": b"User-agent: a\n" * 15_000 + b"Disallow: /b\n" * 20_000,
    "groups": b"User-agent: GPTBot\nDisallow: /\n" * 16_000,
    "one endless line": b"Disallow: /" + b"x" * 500_000,
    "line ends only": b"\r" * 512_000,
    "percent signs": b"User-agent: *\nDisallow: /" + b"%2" * 250_000,
    "words that mean to refuse": b"Disallow: x\n" * 40_000,
    "fifty megabytes": b"User-agent: *\n" * 4_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_body_takes_long(name):
    seen = Observation("https://a.example/robots.txt", Source.ROBOTS, HOSTILE[name])
    started = time.process_time()
    for ask in (Ask("https://a.example/" + "a" * 16_000), Ask()):
        assert len(list(robots.read(seen, ask))) <= 11_000
    assert time.process_time() - started < 5
