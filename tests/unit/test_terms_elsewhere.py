"""Terms that a site keeps elsewhere are heard for every address they speak of, once they are on record; until then the pointer is a doubt."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sekisho import hosts
from sekisho.locations import Inquiry, Locations, Readings
from sekisho.model import Ask, Axis

ON = date(2026, 11, 22)
SITE, TERMS = "https://a.example", "https://terms.example/rsl.xml"
ROBOTS = f"User-agent: *\nAllow: /\nLicense: {TERMS}\n".encode()
BARE = f"License: {TERMS}\n".encode()
OPEN = '<content url="/"><license><permits type="usage">all</permits>{}</license></content>'
RESERVED = '<content url="/novel/"><license><prohibits type="usage">ai-train</prohibits></license></content>'
POLICY = {
    "@type": "Offer",
    "profile": "http://www.w3.org/ns/tdmrep",
    "permission": [{"action": "tdm:mine", "duty": [{"action": "compensate"}]}],
}


def rsl(*contents):
    return f'<rsl xmlns="https://rslstandard.org/rsl">{"".join(contents)}</rsl>'.encode()


def seen(path, body, at="2026-11-01T00:00:00Z", status=200, **headers):
    url = path if "://" in path else SITE + path
    return {"url": url, "at": at, "status": status, "headers": json.dumps(headers), "body": body}


def heard(tmp_path, *observed, urls=("/novel/1", "/x"), places=()):
    """What is heard at each of ``urls``: its facts, and the addresses of the records that it stands on."""
    rows = [{**row, "at": datetime.fromisoformat(row["at"]).astimezone(UTC)} for row in observed]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "o.parquet")
    record, day = hosts.load([tmp_path / "o.parquet"], Ask()), hosts.last_moment(ON)
    inquiry = Inquiry(Ask(), Axis.TRAIN, places, record.terms(day))
    locations = Locations(Readings(record, hosts.build(record, Ask(), ON), inquiry, day))
    voices = locations.of(locations.split(pa.array([SITE + url for url in urls])))
    evidence = locations.evidence(voices, np.arange(len(urls))).to_pylist()
    facts = [dict(locations.heard[place].facts) for place in voices.heard.tolist()]
    return facts, [{record.record(number).url for number in numbers} for numbers in evidence]


def said(facts):
    return facts["optout_loc"], facts.get("offered"), facts["unclear"]


def test_a_licence_that_robots_txt_points_to_is_heard_where_it_speaks(tmp_path):
    facts, evidence = heard(tmp_path, seen("/robots.txt", ROBOTS), seen(TERMS, rsl(OPEN.format(""), RESERVED)))
    assert [said(one) for one in facts] == [("yes", "no", "no"), ("no", None, "no")]
    assert evidence == [{f"{SITE}/robots.txt", TERMS}] * 2


def test_a_licence_that_was_never_looked_at_stays_a_doubt(tmp_path):
    facts, evidence = heard(tmp_path, seen("/robots.txt", ROBOTS))
    assert [said(one) for one in facts] == [("no", None, "yes")] * 2
    assert evidence == [{f"{SITE}/robots.txt"}] * 2


@pytest.mark.parametrize(
    "answer",
    [seen(TERMS, b"gone", status=404), seen(TERMS, b"<html>sorry"), seen(TERMS, rsl(RESERVED), at="2026-11-23T00:00:00Z")],
    ids=["absent", "something else", "seen too late"],
)
def test_a_licence_that_could_not_be_read_in_time_stays_a_doubt(tmp_path, answer):
    facts, _ = heard(tmp_path, seen("/robots.txt", ROBOTS), answer)
    assert [said(one) for one in facts] == [("no", None, "yes")] * 2


def test_a_price_in_terms_elsewhere_is_an_offer(tmp_path):
    priced = OPEN.format('<payment type="training"><amount currency="JPY">900</amount></payment>')
    facts, _ = heard(tmp_path, seen("/robots.txt", BARE), seen(TERMS, rsl(priced)))
    assert [said(one)[:2] for one in facts] == [("yes", "yes")] * 2


def test_terms_for_another_country_do_not_cover_the_one_asked(tmp_path):
    american = OPEN.format('<permits type="geo">US</permits>')
    observed = seen("/robots.txt", BARE), seen(TERMS, rsl(american))
    assert [said(one)[0] for one in heard(tmp_path, *observed, places=("US",))[0]] == ["no", "no"]
    assert [said(one)[0] for one in heard(tmp_path, *observed, places=("JP",))[0]] == ["yes", "yes"]


@pytest.mark.parametrize("address", ["https://terms.example/policy.json", "/policy.json"])
def test_a_policy_says_on_which_terms_a_reservation_is_lifted(tmp_path, address):
    rules = [{"location": "/novel/", "tdm-reservation": 1, "tdm-policy": address}]
    reserved = seen("/.well-known/tdmrep.json", json.dumps(rules).encode())
    without, _ = heard(tmp_path, seen("/robots.txt", b""), reserved)
    facts, evidence = heard(tmp_path, seen("/robots.txt", b""), reserved, seen(address, json.dumps(POLICY).encode()))
    assert [said(one)[:2] for one in without] == [("yes", "no"), ("no", None)]
    assert [said(one)[:2] for one in facts] == [("yes", "yes"), ("no", None)]
    assert [len(one) for one in evidence] == [3, 2]


def test_a_licence_that_the_answer_itself_points_to_is_heard(tmp_path):
    link = {"Link": f'<{TERMS}>; rel="license"; type="application/rsl+xml"', "Content-Type": "text/plain"}
    facts, evidence = heard(
        tmp_path, seen("/robots.txt", b""), seen("/novel/1", b"a novel", **link), seen(TERMS, rsl(RESERVED)), urls=["/novel/1"]
    )
    assert said(facts[0]) == ("yes", "no", "no")
    assert TERMS in evidence[0]
