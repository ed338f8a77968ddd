"""X-Robots-Tag: robots rules in the header of a response, for the representation in that response."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sekisho.model import Ask, Evidence, Observation, Signal, Spec, Text, quote
from sekisho.signals import responses, robots_directives

HEADER = "X-Robots-Tag"
SPEC = Spec(
    name="x_robots_tag",
    title=Text("X-Robots-Tag, with noai, noimageai and noml", "X-Robots-Tag（noai・noimageai・noml を含む）"),
    version="2026-11",
    dated=date(2026, 11, 22),
    status="practice",
    address="https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "noai, noimageai (pictures) and noml deny training; noindex denies search; nosnippet and noarchive bind Google and Microsoft alone.",
        "noai・noimageai（画像のみ）・noml は学習の拒否、noindex は検索の拒否。nosnippet と noarchive はそれぞれ Google と Microsoft だけに及ぶ。",
    ),
    unsure=Text(
        "How far an agent's prefix reaches once a client has merged repeated headers into one line. Some collectors of pictures take noindex for a "
        "refusal of training; nobody who writes it has said so, and here it speaks of search alone.",
        "クライアントが複数のヘッダーを一行にまとめた場合に、エージェント名の接頭辞がどこまで及ぶか。noindex を学習の拒否とみなす画像収集ツールもあるが、"
        "指定する側の意思とは確かめられないため、ここでは検索のみの表示として扱う。",
    ),
    sources=responses.SOURCES,
)


def read(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """The statements of every X-Robots-Tag line; each line starts anew with all agents."""
    for line in observation.header(HEADER) if responses.speaks(observation) else ():
        found = robots_directives.words(line, agent="*", prefixes=True)
        yield from robots_directives.statements(SPEC, observation, ask, found, Evidence(HEADER, quote(line)))
