"""Laws of the readers of sites, responses and pages: nothing raises, garbage and damage never allow, time stays bounded."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sekisho.model import Ask, Observation, Source, Value
from sekisho.signals import (
    ai_txt,
    licences,
    llms_txt,
    natural_language,
    pay_per_crawl,
    rsl,
    tdm_policy,
    tdmrep,
    trust_txt,
)

READERS = {
    reader.SPEC.name: reader for reader in (ai_txt, licences, llms_txt, natural_language, pay_per_crawl, rsl, tdm_policy, tdmrep, trust_txt)
}
PAIRS = [(name, source) for name, reader in READERS.items() for source in reader.SPEC.sources]
URL = "https://a.example/a/b.jpg"
HEADERS = (
    "tdm-reservation",
    "tdm-policy",
    "Link",
    "crawler-price",
    "crawler-charged",
    "crawler-error",
    "PAYMENT-REQUIRED",
    "WWW-Authenticate",
)

RSL = '<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license><prohibits type="usage">all</prohibits></license></content></rsl>'
DENIALS = {
    "tdmrep": (Source.TDMREP, '[{"location":"/","tdm-reservation":1},{"location":"/a/","tdm-reservation":1}]'),
    "tdmrep, page": (Source.PAGE, "<head><meta name='tdm-reservation' content='1'></head>"),
    "tdm_policy": (Source.POLICY, '{"permission":[],"prohibition":[{"action":"tdm:mine"}]}'),
    "ai_txt": (Source.AI_TXT, "User-Agent: *\nDisallow: /\nDisallow: *.jpg\n"),
    "ai_txt, draft": (Source.AI_TXT, "Spec-Version: 1\nTraining: deny\nTraining-Deny: /\n"),
    "trust_txt": (Source.TRUST_TXT, "datatrainingallowed=no\n"),
    "rsl": (Source.RSL, RSL),
    "rsl, page": (Source.PAGE, f"<script type='application/rsl+xml'>{RSL}</script>"),
    "licences": (Source.PAGE, "<a rel=license href=https://creativecommons.org/licenses/by-nc-nd/4.0/>"),
}
JUNK = st.sampled_from([octet.encode() for octet in "\0<>&\"'{}[]:,;=#/\n \\%é"])


def read(name, source, body, headers=(), url=URL):
    observation = Observation(URL, source, body, headers)
    return list(READERS[name].read(observation, Ask(url)))


def allows(found):
    return [signal for signal in found if signal.value is Value.ALLOW]


@pytest.mark.parametrize(("name", "source"), PAIRS)
@given(
    body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    url=st.none() | st.text(max_size=20),
)
@example(body=b"\xff\xfe<\0", url="\ud800")
@example(body=b"{" * 2000, url="https://[/")
@settings(max_examples=40)
def test_no_octets_raise_and_none_allow(name, source, body, url):
    assert allows(read(name, source, body, url=url)) == []


@pytest.mark.parametrize(("name", "source"), [pair for pair in PAIRS if pair[1] in {Source.HEADERS, Source.PAGE}])
@given(headers=st.lists(st.tuples(st.sampled_from(HEADERS), st.text(max_size=40)), max_size=4))
def test_no_header_raises_and_none_allows_but_a_zero_or_a_receipt(name, source, headers):
    plain = [(key, value) for key, value in headers if "0" not in value]
    assert allows(read(name, source, b"", tuple(plain))) == []


@pytest.mark.parametrize("case", DENIALS)
def test_a_denial_cut_anywhere_never_allows(case):
    source, text = DENIALS[case]
    body = text.encode()
    assert read(case.partition(",")[0], source, body)
    for end in range(len(body)):
        assert allows(read(case.partition(",")[0], source, body[:end])) == []


@pytest.mark.parametrize("case", DENIALS)
@given(data=st.data())
@settings(max_examples=60)
def test_a_denial_with_junk_in_it_never_allows(case, data):
    source, text = DENIALS[case]
    body = text.encode()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body = body[:at] + data.draw(JUNK) + body[at + data.draw(st.integers(0, 1)) :]
    assert allows(read(case.partition(",")[0], source, body)) == []


HOSTILE = {
    "brackets": "[" * (1 << 20),
    "rules": '[{"location":"/","tdm-reservation":0}' + ',{"location":"/*a*a*a*a*a*a*a*a$","tdm-reservation":1}' * 20_000 + "]",
    "keys": '{"a":[' + '{"b":1,"b":2},' * 60_000 + "1]}",
    "one key": "{" + ",".join(f'"a":{number}' for number in range(100_000)) + "}",
    "stars": "User-Agent: *\n" + "Disallow: /" + "*a" * 500_000 + "\n",
    "lines": "User-Agent: *\nDisallow: /a\n" * 40_000,
    "orphans": "Disallow: /a\n" * 40_000,
    "records": "datatrainingallowed=yes\n" * 20_000,
    "blanks": "datatrainingallowed=" + " " * 400_000 + "x",
    "contents": '<rsl xmlns="https://rslstandard.org/rsl">'
    + '<content url="/"><license><permits type="usage">all</permits></license></content>' * 11_000
    + "</rsl>",
    "depth": '<rsl xmlns="https://rslstandard.org/rsl">' + "<content>" * 100_000,
    "elements": "<div about=x itemscope>" * 40_000,
    "properties": "<div itemscope>" + "<a itemprop=license rel=license property=license href=x>" * 15_000,
    "links": "<a href=//creativecommons.org/licenses/by/4.0/>" * 20_000,
    "scripts": '<script type="application/ld+json">{"license":"x"}</script>' * 15_000,
    "notices": "may not be used to train " * 40_000,
    "notices in Japanese": "無断ai学習・" * 60_000,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_no_file_makes_time_explode(case):
    body = HOSTILE[case].encode()
    for name, source in PAIRS:
        if source in {Source.TDMREP, Source.AI_TXT, Source.TRUST_TXT, Source.RSL, Source.FEED, Source.PAGE, Source.POLICY}:
            started = time.process_time()
            read(name, source, body)
            assert time.process_time() - started < 20, (name, source)
