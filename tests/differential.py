"""The row path against its definition: random worlds, recorded and asked; ``python tests/differential.py PAIRS`` runs as many as wanted.

Both sides begin at the same Parquet file of observations. What is compared for each row: the facts heard, and the records they stand on.
"""

import json
import sys
import tempfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import definition
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sekisho import hosts, observe
from sekisho.captured import EPOCH
from sekisho.kernels.locations import NO_MOMENT, NOWHERE
from sekisho.locations import Inquiry, Locations, Readings
from sekisho.model import Ask, Axis

ON = date(2026, 6, 1)
AUTHORITIES = (
    "http://a.example",
    "https://a.example",
    "http://a.example:8080",
    "https://b.example",
    "http://xn--caf-dma.example",
    "https://[::1]",
)
AGENTS = (
    "*",
    "GPTBot",
    "gptbot",
    "CCBot",
    "CCBot/2.0",
    "Google-Extended",
    "img2dataset",
    "Googlebot",
    "Foo",
    "anthropic-ai",
    "Bytespider",
    "GPT-Bot",
)
PIECES = (
    "/",
    "a",
    "b",
    "*",
    "$",
    "%41",
    "%2e",
    "%E3%81%82",
    "あ",
    "?",
    "x=1",
    ".jpg",
    ".JPG",
    "//",
    "%",
    " ",
    "private",
    "&",
    "#",
    ".",
    "-",
    "\\",
    "robots.txt",
)
LINES = (
    "User-agent: {agent}", "User-agent: {agent}", "user-agent:{agent}", "User Agent: {agent}", "Disallow: /{path}", "Disallow: /{path}", "Disallow: /{path}",
    "Allow: /{path}", "Allow: /{path}", "Disallow:", "Disallow: /", "Disallow: {path}", "disalow: /{path}", "Crawl-delay: 3", "Sitemap: https://a.example/s.xml",
    "Content-Signal: ai-train=no", "Content-Signal: search=yes, ai-train={yes}, ai-input={yes}", "Content-Signal: /{path} ai-train=no", "Content-Signal: ???",
    "Content-Usage: train-ai={n}", "Content-Usage: /{path} train-ai={n}", "Content-Usage: /{path} search={n}, train-ai={n};exp", "Content-Usage: =", "Content-Usage: /{path}",
    "License: https://a.example/rsl.xml", "License: <bad", "# {path}", "", "", "{path}", "Disallow /x", "Allow: *{path}$", "Disallow: /*{path}",
)  # fmt: skip
URL_FORMS = (
    "{authority}{target}",
    "{authority}{target}",
    "{authority}{target}",
    "{authority}{target}",
    "{upper}{target}",
    " {authority}{target}",
    "{authority}.{target}",
)


def text(draw, most=5):
    return "".join(draw.choices(PIECES, k=draw.randint(0, most)))


def robots(draw):
    lines = [
        draw.choice(LINES).format(agent=draw.choice(AGENTS), path=text(draw), yes=draw.choice(["yes", "no", "maybe"]), n=draw.choice("yn?"))
        for _ in range(draw.randint(0, 14))
    ]
    body = draw.choice(["\n", "\n", "\r\n", "\r"]).join(lines).encode("utf-8")
    return draw.choice([body] * 12 + [b"\xef\xbb\xbf" + body, body.decode().encode("utf-16"), b"<html>" + body, body + b"\xff", body * 300])


def reservations(draw):
    entries = [
        {"location": "/" + text(draw), "tdm-reservation": draw.choice([0, 1, 1, "1", 2])}
        | draw.choice([{}, {}, {"tdm-policy": "https://b.example/policy.json"}, {"tdm-policy": "/policy.json"}])
        for _ in range(draw.randint(0, 4))
    ]
    return draw.choice([json.dumps(entries).encode()] * 6 + [b"[", b"", b'{"location":"/"}'])


def terms(draw):
    """An RSL document: what is permitted and prohibited, under which paths."""
    one = '<content url="/{path}"><license><{what} type="usage">{use}</{what}>{place}</license></content>'
    contents = [
        one.format(
            path=draw.choice(["", "a", "*b", "private/"]),
            what=draw.choice(["permits", "prohibits"]),
            use=draw.choice(["all", "ai-train", "search", "ai-all"]),
            place=draw.choice(
                ["", '<permits type="geo">US</permits>', '<payment type="training"><amount currency="JPY">9</amount></payment>']
            ),
        )
        for _ in range(draw.randint(0, 2))
    ]
    return f'<rsl xmlns="https://rslstandard.org/rsl">{"".join(contents)}</rsl>'.encode()


def policy(draw):
    permission = draw.choice([[], [{"action": "tdm:mine"}], [{"action": "tdm:mine", "duty": [{"action": "compensate"}]}]])
    return json.dumps({"@type": "Offer", "profile": "http://www.w3.org/ns/tdmrep", "permission": permission}).encode()


def ai_txt(draw):
    lines = [
        "User-Agent: *",
        "Disallow: /",
        "Disallow: *.jpg",
        "Allow: /",
        "Disallow: /{path}",
        "Spec-Version: 1",
        "Training: deny",
        "Training-Deny: /{path}",
    ]
    return "\n".join(draw.choice(lines).format(path=text(draw)) for _ in range(draw.randint(0, 6))).encode()


FILES = (
    *[("/robots.txt", robots)] * 8, ("/.well-known/tdmrep.json", reservations), ("/ai.txt", ai_txt), ("/.well-known/ai.txt", ai_txt),
    ("/trust.txt", lambda draw: draw.choice([b"datatrainingallowed=no\n", b"datatrainingallowed=yes\n", b"?"])), ("/llms.txt", lambda draw: b"# a"),
    *[(None, lambda draw: b"\x89PNG")] * 3, *[("/rsl.xml", terms)] * 2, *[("/policy.json", policy)] * 2,
)  # fmt: skip
HEADERS = (
    {},
    {},
    {"X-Robots-Tag": "noai"},
    {"tdm-reservation": "1"},
    {"tdm-reservation": "1", "tdm-policy": "https://b.example/policy.json"},
    {"Link": '<https://a.example/rsl.xml>; rel="license"; type="application/rsl+xml"'},
    {"Content-Usage": "train-ai=n"},
    {"Content-Type": "image/png", "X-Robots-Tag": "GPTBot: noindex"},
)


def target(draw):
    return "/" + text(draw).lstrip("/")


def observation(draw):
    path, body = draw.choice(FILES)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=draw.randint(0, 200))
    kind = draw.random()
    status = 200 if kind < 0.8 else draw.choice([204, 301, 401, 403, 404, 410, 429, 500, 503, None])
    headers = dict(draw.choice(HEADERS)) | ({"Location": draw.choice(AUTHORITIES) + "/robots.txt"} if status == 301 else {})
    return {
        "url": draw.choice(AUTHORITIES) + (path or target(draw)),
        "at": at,
        "status": status,
        "headers": json.dumps(headers),
        "body": body(draw),
        "failure": "time-out" if draw.random() < 0.05 else None,
    }


def rows(draw, observed, count):
    """Addresses to ask about: drawn anew, or the very ones that were observed."""

    def one():
        authority = draw.choice((*AUTHORITIES, "https://never.example"))
        if draw.random() < 0.15:
            return draw.choice(observed)["url"] if observed else None
        if draw.random() < 0.05:
            return draw.choice(
                [
                    None,
                    "",
                    "not a url",
                    "ftp://a.example/x",
                    "//a.example/y",
                    "https://user@a.example/a",
                    "http:\\\\a.example\\b",
                    "https://a.example",
                ]
            )
        return draw.choice(URL_FORMS).format(authority=authority, target=target(draw), upper=authority.upper().replace("[::1]", "[::1]"))

    return [one() for _ in range(count)]


def world(folder, seed, count):
    """A Parquet file of observations, and addresses with their moments of capture."""
    draw = Random(seed)
    observed = [observation(draw) for _ in range(draw.randint(0, 25))]
    schema = pa.schema(
        [
            ("url", pa.string()),
            ("at", pa.timestamp("us", "UTC")),
            ("status", pa.int64()),
            ("headers", pa.string()),
            ("body", pa.binary()),
            ("failure", pa.string()),
        ]
    )
    path = Path(folder, "observed.parquet")
    pq.write_table(pa.Table.from_pylist(observed, schema), path)
    urls = rows(draw, observed, count)
    captured = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=draw.randint(-5, 260)) if draw.random() < 0.5 else None for _ in urls]
    ask = Ask(agents=tuple(draw.choice([(), (), ("GPTBot",), ("CCBot", "Foo", "Kangaroo Bot")])), commercial=draw.random() < 0.5)
    return (
        path,
        urls,
        captured if draw.random() < 0.6 else None,
        ask,
        draw.choice([Axis.TRAIN, Axis.TRAIN, Axis.AI_USE]),
        draw.random() < 0.2,
    )


def differences(seed, count=200, counted=None):
    """What the row path says otherwise than its definition on one world: (address, moment, said, wanted)."""
    with tempfile.TemporaryDirectory() as folder:
        path, urls, captured, ask, axis, hindsight = world(folder, seed, count)
        seen, plain = hosts.load([path], ask), observe.load([path], ask)
        day = hosts.last_moment(ON, hindsight=hindsight)
        inquiry = Inquiry(ask, axis, terms=seen.terms(day))
        locations = Locations(Readings(seen, hosts.build(seen, ask, ON, hindsight=hindsight), inquiry, day))
        assert not (odd := [pair for pair in zip(seen.records, plain.records, strict=True) if pair[0] != pair[1]]), odd[0]
        found = told(locations, urls, captured)
    wanted = definition.World(plain, inquiry, ON, hindsight)
    moments = captured or [None] * len(urls)
    expected = [wanted.heard(url, moment) if url is not None else None for url, moment in zip(urls, moments, strict=True)]
    if counted is not None:
        counted.update(len(each[1]) if each else "nowhere" for each in expected)
    return [each for each in zip(urls, moments, found, expected, strict=True) if each[2] != each[3]]


def told(locations, urls, captured):
    """What the row path says of each address, split in two columns so that what was learned from the first serves the second."""
    half, found = len(urls) // 2, []
    for part in (slice(0, half), slice(half, None)):
        column = pa.array(urls[part], pa.string())
        moments = (
            None
            if captured is None
            else np.array([NO_MOMENT if m is None else (m - EPOCH) // timedelta(microseconds=1) for m in captured[part]], np.int64)
        )
        voices = locations.of(locations.split(column), moments)
        evidence = locations.evidence(voices, np.arange(len(column))).to_pylist()
        found += [
            None if place == NOWHERE else (locations.heard[place].facts, tuple(numbers))
            for place, numbers in zip(voices.heard.tolist(), evidence, strict=True)
        ]
    return found


if __name__ == "__main__":
    wanted, first, kinds = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0, Counter()
    for seed in range(first, first + -(-wanted // 1000)):
        if wrong := differences(seed, 1000, kinds):
            sys.exit(f"seed {seed}: {len(wrong)} rows differ, the first: {wrong[0]}")
    print(f"{wanted} pairs, none different; rows by the number of records they stand on: {dict(sorted(kinds.items(), key=str))}")  # noqa: T201 - a tool
