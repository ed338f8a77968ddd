"""Meta robots: robots rules in a page, for all agents or for one, with the words of X-Robots-Tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from sekisho.formats import html
from sekisho.formats.html import Element
from sekisho.model import Ask, Evidence, Observation, Signal, Source, Spec, Text, quote
from sekisho.signals import agents, responses, robots_directives
from sekisho.signals.robots_directives import Word

SPEC = Spec(
    name="html_meta",
    title=Text("Meta robots, with noai, noimageai and noml", "meta robots（noai・noimageai・noml を含む）"),
    version="2026-11",
    dated=date(2026, 11, 22),
    status="practice",
    address="https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "As X-Robots-Tag; noai and noimageai reach the pictures shown on the page as well.",
        "X-Robots-Tag と同じ。noai と noimageai はページに表示される画像にも及ぶ。",
    ),
    unsure=Text(
        "Which names besides robots count as agents: known tokens, and names that end in bot, crawler or spider.",
        "robots 以外のどの名前をエージェントとみなすか。既知の名前と、bot・crawler・spider で終わる名前とする。",
    ),
    sources=(Source.PAGE,),
)
AGENT = re.compile(r"[a-z0-9_.-]*(?:bot|crawler|spider)")


def read(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """The statements of every meta element that names robots or an agent, in the head or the body."""
    page = html.parse(observation.body, ", ".join(observation.header("content-type"))) if responses.speaks(observation) else html.Page()
    for element in page.every("meta"):
        found = _words(element)
        evidence = Evidence(element.where, quote(element.source))
        yield from robots_directives.statements(SPEC, observation, ask, found, evidence)


def _words(element: Element) -> Iterator[Word]:
    content, name, equivalent, prop = (element.attributes.get(key, "") for key in ("content", "name", "http-equiv", "property"))
    agent = name.strip().lower()
    if agent == "robots" or agent in agents.table() or AGENT.fullmatch(agent):
        yield from robots_directives.words(content, agent="*" if agent == "robots" else agent, prefixes=False)
    elif equivalent.strip().lower() == "x-robots-tag" or prop.strip().lower() == "robots":
        yield from robots_directives.misplaced(robots_directives.words(content, agent="*", prefixes=False))
