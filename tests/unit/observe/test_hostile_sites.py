"""Every way a site can misbehave, on real sockets: what is recorded, what is read back, and that nobody waits for ever."""

import time
from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("aiohttp", reason="the extra `observe` is not installed")

from certificates import server_certificate
from hostile_site import hostile_site, loopback

from sekisho import facts
from sekisho.model import ENDLESS, Ask, Axis, Value
from sekisho.observe import load
from sekisho.observe.crawl import observe
from sekisho.observe.manners import Manners
from sekisho.observe.records import LOCATION_BYTES
from sekisho.observe.visits import Site
from sekisho.signals import read

MANNERS = {"contact": "crew@example.org", "pause_s": 0.0, "timeout_s": 2.0, "private": True}


@pytest.fixture
def site():
    with hostile_site() as running:
        yield running


def seen(site, tmp_path, *hosts, look_up=loopback, whole=True, out="seen.warc.gz", **manners):
    """What was recorded of ``hosts``, by path of the address."""
    sites = [Site(f"http://{host}:{site.port}", whole=whole) for host in hosts]
    progress = observe(sites, tmp_path / out, Manners(**{**MANNERS, **manners}), look_up=look_up)
    return progress, {record.url.replace(f":{site.port}", ""): record for record in load([tmp_path / out]).records}


def robots(site, tmp_path, host, **manners):
    return seen(site, tmp_path, host, whole=False, **manners)[1][f"http://{host}/robots.txt"]


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("hang.test", "timeout"),
        ("drip.test", "body cut short (time)"),
        ("short.test", "body cut short (disconnect)"),
        ("gone.test", "disconnected"),
        ("garbage.test", "malformed answer"),
        ("headers.test", "malformed answer"),
        ("broken.test", "content coding broken"),
        ("deflated.test", "content coding broken"),
        ("unknown.test", "content coding 'zopfli' is not read"),
        ("nowhere.test", "redirect to http://no-such.test"),
    ],
)
def test_a_failure_is_recorded_as_a_failure_and_says_why(site, tmp_path, host, why):
    record = robots(site, tmp_path, host)
    assert record.failed
    assert why in record.failure
    assert [s.value for s in read(record.location, Ask(url=f"http://{host}/x")) if s.axis is Axis.CRAWL] == [Value.DENY]


@pytest.mark.parametrize("host", ["loop.test", "chain6.test"])
def test_redirects_that_never_end_count_as_no_robots_txt(site, tmp_path, host):
    """RFC 9309 section 2.3.1.2: what cannot be found in five redirects is unavailable, and the site is looked at as one without rules."""
    _, records = seen(site, tmp_path, host)
    record = records[f"http://{host}/robots.txt"]
    assert (record.status, record.failed) == (ENDLESS, False)
    assert [s.value for s in read(record.location, Ask(url=f"http://{host}/x")) if s.axis is Axis.CRAWL] == [Value.ALLOW]
    heard = dict(facts.heard(read(record.location, Ask(url=f"http://{host}/x")), [record], Axis.TRAIN, ["GPTBot"]).facts)
    assert (heard["looked"], heard["crawl"], heard["optout_loc"]) == ("read", "allow", "no")
    assert len(records) >= 7
    assert records[f"http://{host}/"].failed


def test_a_bad_neighbour_costs_nobody_else_anything(site, tmp_path):
    hosts = [
        "hang.test",
        "drip.test",
        "endless.test",
        "bomb.test",
        "headers.test",
        "broken.test",
        "garbage.test",
        *(f"a{i}-plain.test" for i in range(20)),
    ]
    began = time.monotonic()
    progress, records = seen(site, tmp_path, *hosts)
    assert time.monotonic() - began < 20
    assert progress.done == progress.sites
    for i in range(20):
        assert records[f"http://a{i}-plain.test/robots.txt"].status == 200
        assert records[f"http://a{i}-plain.test/trust.txt"].status == 404
        assert [s.value for s in records[f"http://a{i}-plain.test/"].signals if s.axis is Axis.TRAIN] == [
            Value.DENY
        ] or "x_robots_tag" not in str(records)


def test_five_redirects_are_followed_and_count_for_the_host_that_was_asked(site, tmp_path):
    record = robots(site, tmp_path, "chain5.test")
    assert (record.status, record.failure) == (200, None)
    assert b"Disallow: /no/" in record.location.body


def test_a_redirect_to_another_host_counts_for_the_host_that_was_asked(site, tmp_path):
    record = robots(site, tmp_path, "away.test")
    assert b"Disallow: /no/" in record.location.body


def test_an_endless_body_is_read_to_the_limit_and_no_further(site, tmp_path):
    record = robots(site, tmp_path, "endless.test")
    assert not record.failed
    assert len(record.location.body) == 500 * 1024 + 1


def test_what_is_no_text_file_is_read_to_a_mebibyte(site, tmp_path):
    _, records = seen(site, tmp_path, "vast.test")
    assert len(records["http://vast.test/robots.txt"].location.body) == 500 * 1024 + 1
    assert len(records["http://vast.test/.well-known/tdmrep.json"].location.body) == (1 << 20) + 1


def test_a_body_longer_than_announced_is_read_as_announced_and_the_rest_goes_nowhere(site, tmp_path):
    _, records = seen(site, tmp_path, "long.test")
    assert {record.location.body for record in records.values() if record.location} <= {b"User-agent: *\nDisallow: /\n", b""}


def test_a_file_of_the_wrong_type_says_nothing_that_allows(site, tmp_path):
    record = robots(site, tmp_path, "picture.test")
    said = read(record.location, Ask(url="http://picture.test/x"))
    assert said
    assert all(signal.value is Value.UNKNOWN for signal in said)


@pytest.mark.parametrize("name", ["a-plain.test", "other.test"])
def test_a_certificate_that_nobody_vouches_for_or_that_names_another_is_a_failure(tmp_path, name):
    with hostile_site(certificate=server_certificate("a-plain.test")) as secure:
        url = f"https://{name}:{secure.port}"
        observe([Site(url)], tmp_path / "o.warc.gz", Manners(**MANNERS), look_up=loopback)
        assert secure.requests == []
    assert [record.failure.partition(":")[0] for record in load([tmp_path / "o.warc.gz"]).records] == ["tls"]


def test_a_decompression_bomb_is_read_within_bounds(site, tmp_path):
    record = robots(site, tmp_path, "bomb.test")
    assert not record.failed
    assert len(record.location.body) <= LOCATION_BYTES
    assert any(s.value is Value.DENY and s.axis is Axis.CRAWL for s in read(record.location, Ask(url="http://bomb.test/x")))


def test_chunks_are_joined(site, tmp_path):
    assert robots(site, tmp_path, "chunked.test").location.body == b"User-agent: *\nDisallow: /\n"


def test_a_soft_404_is_no_statement(site, tmp_path):
    _, records = seen(site, tmp_path, "soft.test")
    said = [s for record in records.values() if record.location for s in read(record.location, Ask(url="http://soft.test/x"))]
    assert not [s for s in said if s.value in {Value.ALLOW, Value.DENY} and s.axis is not Axis.CRAWL]


def test_a_server_that_speaks_no_tls_is_a_failure_and_http_is_asked_instead(site, tmp_path):
    sites = [Site(f"https://a-plain.test:{site.port}", instead=f"http://a-plain.test:{site.port}")]
    observe(sites, tmp_path / "o.warc.gz", Manners(**MANNERS), look_up=loopback)
    records = {record.url: record for record in load([tmp_path / "o.warc.gz"]).records}
    assert records[f"https://a-plain.test:{site.port}/robots.txt"].failure.startswith(("tls", "disconnected", "no connection"))
    assert records[f"http://a-plain.test:{site.port}/robots.txt"].status == 200


def test_a_busy_server_is_asked_again_when_it_says_and_no_oftener(site, tmp_path):
    assert robots(site, tmp_path, "busy.test").status == 200
    _, records = seen(site, tmp_path, "storm.test", out="storm.warc.gz")
    assert [record.status for record in records.values()] == [503]
    assert sum(host == "storm.test" for host, _, _ in site.requests) == 3


def test_our_own_robots_rule_is_obeyed_and_what_was_not_asked_leaves_no_trace(site, tmp_path):
    progress, records = seen(site, tmp_path, "closed.test")
    assert list(records) == ["http://closed.test/robots.txt"]
    assert progress.counts["kept from us"] == 6
    assert [path for host, path, _ in site.requests if host == "closed.test"] == ["/robots.txt"]


def test_requests_say_who_sends_them(site, tmp_path):
    robots(site, tmp_path, "plain.test")
    assert "Sekisho/" in site.requests[0][2]["user-agent"]
    assert "mailto:crew@example.org" in site.requests[0][2]["user-agent"]


def test_a_host_is_asked_one_thing_at_a_time(site, tmp_path):
    sites = [Site(f"http://slow.test:{site.port}", urls=(f"http://slow.test:{site.port}/{i}",)) for i in range(10)]
    observe(sites, tmp_path / "o.warc.gz", Manners(**MANNERS), look_up=loopback)
    assert site.at_once["slow.test"] == 1


def test_a_host_rests_between_two_requests(site, tmp_path):
    began = time.monotonic()
    seen(site, tmp_path, "plain.test", pause_s=0.1)
    assert time.monotonic() - began > 0.6


def test_terms_that_are_pointed_to_are_looked_at(site, tmp_path):
    _, records = seen(site, tmp_path, "plain.test")
    assert records["http://plain.test/licence.xml"].status == 404


def test_a_second_run_asks_nothing_that_is_on_record(site, tmp_path):
    seen(site, tmp_path, "plain.test")
    asked = len(site.requests)
    progress, _ = seen(site, tmp_path, "plain.test")
    assert len(site.requests) == asked
    assert progress.counts["on record"] == progress.counts.total()


def test_what_is_stale_is_asked_again_only_if_it_changed(site, tmp_path):
    seen(site, tmp_path, "unchanged.test")
    progress, _ = seen(site, tmp_path, "unchanged.test", since=datetime.now(UTC) + timedelta(seconds=1))
    assert progress.counts["unchanged"] == 1
    pages = [record for record in load([tmp_path / "seen.warc.gz"]).records if record.url.endswith("/")]
    assert len(pages) == 2
    assert pages[0].at < pages[1].at
    assert pages[0].digest == pages[1].digest


@pytest.mark.parametrize("host", ["例え.test", "plain.test.", "PLAIN.test"])
def test_hosts_may_be_spelled_as_people_do(site, tmp_path, host):
    from sekisho.observe.targets import sites  # noqa: PLC0415

    observe(sites([f"http://{host}:{site.port}/"]), tmp_path / "o.warc.gz", Manners(**MANNERS), look_up=loopback)
    assert load([tmp_path / "o.warc.gz"]).records
    assert site.requests[0][0] in {"xn--r8jz45g.test", "plain.test"}
