"""The section for robots.txt: crawlers whose purpose is refused, AIPREF, Content Signals, and where the RSL terms lie.

A group for everybody always ends in a rule, an empty one: without it the next ``User-agent`` line would join the group (RFC 9309 section 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.declare import rsl
from sekisho.declare.part import About, File
from sekisho.declare.terms import TRAINING, Answer, Terms
from sekisho.model import Axis, Observation, Source, Text
from sekisho.signals import agents

ABOUT = About(
    Text("robots.txt section", "robots.txt に加える部分"),
    Text(
        "Keeps crawlers away that collect for what you refuse, and states your preferences as AIPREF and Content Signals.",
        "断った用途のために収集するクローラーを退け、AIPREF と Content Signals であなたの意向を示します。",
    ),
    Text(
        "Add it at the end of the file robots.txt at the root of your site; keep what is there.",
        "サイト直下の robots.txt の末尾に追加してください。既にある記述はそのまま残します。",
    ),
    Text(
        "It asks, it does not lock: a crawler can ignore it. It speaks only for this host, not for copies elsewhere. A named crawler reads its "
        "own group only, so rules that your file has for everybody (*) do not reach the crawlers named here.",
        "お願いであって鍵ではなく、無視するクローラーもあります。効力はこのホストのみで、転載先には及びません。名指しされたクローラーは自分の"
        "グループだけを読むため、既存の「*」向けの規則はここに挙げたクローラーには適用されません。",
    ),
)
PREFERENCES = {"train-ai": Axis.TRAIN, "ai-use": Axis.AI_USE, "search": Axis.SEARCH}
SIGNALS = {"search": (Axis.SEARCH,), "ai-input": (Axis.AI_USE,), "ai-train": TRAINING}


def files(terms: Terms) -> Iterator[File]:
    """The section, as a file that can also stand alone."""
    said = [line for group in (_named(terms), _everybody(terms)) if group for line in [*group, ""]]
    if said:
        content = "\n".join([f"# Terms of {terms.holder}", *said])
        yield File("site/robots.txt", content, (Observation(f"{terms.site}/robots.txt", Source.ROBOTS, content.encode(), status=200),))


def _named(terms: Terms) -> list[str]:
    tokens = refused_tokens(terms)
    rules = [f"Disallow: {path}" for path in terms.paths]
    return [*(f"User-agent: {token}" for token in tokens), *_statements(terms), *rules] if tokens else []


def _everybody(terms: Terms) -> list[str]:
    statements = _statements(terms)
    return ["User-agent: *", *statements, "Disallow:"] if statements else []


def refused_tokens(terms: Terms) -> list[str]:
    """The product tokens all of whose declared purposes are refused."""
    refused = {axis for axis in terms.uses if terms.refuse(axis)}
    refused |= set(TRAINING) if Axis.TDM in refused else set()
    return [agent.token for agent in agents.table().values() if agent.axes and set(agent.axes) <= refused]


def _statements(terms: Terms) -> list[str]:
    preference = preferences(terms)
    usage = [f"Content-Usage: {'' if path == '/' else path + ' '}{preference}" for path in terms.paths if preference]
    signals = ", ".join(f"{name}={said}" for name, axes in SIGNALS.items() if (said := _yes_or_no(terms, axes)))
    signal = [f"Content-Signal: {signals}"] if signals and terms.everywhere else []
    return usage + signal + ([f"License: {rsl.where(terms)}"] if rsl.can_say(terms) else [])


def preferences(terms: Terms) -> str:
    """The AIPREF dictionary (draft-ietf-aipref-vocab-08): what has to be licensed is a no, what needs credit cannot be said."""
    words = {
        name: {Answer.YES: "y", Answer.CREDIT: ""}.get(terms.uses[axis], "n") for name, axis in PREFERENCES.items() if axis in terms.uses
    }
    return ", ".join(f"{name}={word}" for name, word in words.items() if word)


def _yes_or_no(terms: Terms, axes: tuple[Axis, ...]) -> str:
    if terms.refuse(*axes):
        return "no"
    return "yes" if terms.grant(*axes) else ""
