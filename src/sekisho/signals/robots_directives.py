"""The words of X-Robots-Tag and meta robots, which are one vocabulary in two places: what each says, of which use, to whom.

A practice, not a standard: Google's and Bing's documentation, DeviantArt's ``noai`` and ``noimageai`` (November 2022), Mojeek's ``noml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sekisho.model import Ask, Axis, Evidence, Level, Observation, Signal, Source, Spec, Value
from sekisho.signals import agents
from sekisho.signals.intent import DENY_INTENT
from sekisho.signals.responses import VALUE_LENGTH

WITH_VALUE = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
IMAGES = "image/*"
TRAINING = (Axis.TRAIN, Axis.TRAIN_NONGEN)
GOOGLE, MICROSOFT = "Google", "Microsoft"
BOTS = {GOOGLE: frozenset({"*", "google", "googlebot"}), MICROSOFT: frozenset({"*", "bingbot", "msnbot"})}
SNIPPET_ONLY = frozenset({"title-url-snippet-only"})
REFUSALS = ("noai", "noimageai", "noml", "disallowaitraining")
"""What a word outside the vocabulary may have meant, by its letters alone; the last is of an expired draft (draft-canel-robots-ai-control-00)."""
NOBODY = frozenset({"robots"})
"""What stands before a colon like an agent and is none."""


class Meaning(NamedTuple):
    """What one word says; ``vendor`` limits it to one company, ``images`` to the pictures of a page."""

    axes: tuple[Axis, ...]
    value: Value
    vendor: str = ""
    images: bool = False
    conditions: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()


MEANINGS = {
    "noai": Meaning(TRAINING, Value.DENY),
    "noml": Meaning(TRAINING, Value.DENY),
    "noimageai": Meaning(TRAINING, Value.DENY, images=True),
    "noindex": Meaning((Axis.SEARCH,), Value.DENY),
    "none": Meaning((Axis.SEARCH,), Value.DENY),
    "noimageindex": Meaning((Axis.SEARCH,), Value.DENY, images=True),
    "all": Meaning((Axis.SEARCH,), Value.ALLOW),
    "index": Meaning((Axis.SEARCH,), Value.ALLOW),
    "nosnippet": Meaning((Axis.AI_USE,), Value.DENY, GOOGLE),
    "max-snippet:0": Meaning((Axis.AI_USE,), Value.DENY, GOOGLE),
    "noarchive": Meaning((Axis.TRAIN, Axis.AI_USE), Value.DENY, MICROSOFT),
    "nocache": Meaning((Axis.TRAIN, Axis.AI_USE), Value.UNKNOWN, MICROSOFT, conditions=SNIPPET_ONLY),
}
KNOWN = MEANINGS.keys() | {"nofollow", "follow", "noodp", "noydir", "notranslate", "indexifembedded", "nositelinkssearchbox"}
"""The words of the vocabulary, those that say nothing of any use included."""


class Word(NamedTuple):
    """One rule and the agent it is for, both in lower case; a rule with a value is ``name:value`` without blanks."""

    agent: str
    rule: str


def words(value: str, *, agent: str, prefixes: bool) -> Iterator[Word]:
    """The rules of a comma list; with ``prefixes`` (header fields), ``otherbot: rule`` gives what follows to that agent.

    A date after ``unavailable_after`` may hold commas and colons of its own; what is left over of it names nobody.
    """
    in_date = False
    for item in value[:VALUE_LENGTH].lower().split(","):
        head, colon, rest = (part.strip() for part in item.partition(":"))
        if colon and prefixes and _is_agent(head, in_date=in_date):
            agent, head, colon, rest = head, *(part.strip() for part in rest.partition(":"))
        yield Word(agent, f"{head}:{rest}" if colon else head)
        in_date = head == "unavailable_after" or (in_date and head not in KNOWN)


def _is_agent(head: str, *, in_date: bool) -> bool:
    token = bool(re.fullmatch(r"[a-z0-9_.-]+", head)) and not (in_date and head[0].isdigit())
    return (token or head in agents.table()) and head not in WITH_VALUE | KNOWN | NOBODY


def meanings(found: Iterable[Word]) -> Iterator[tuple[Word, Meaning]]:
    """What each of ``found`` says; ``noarchive`` beside ``nocache`` counts as ``nocache`` (Bing, September 2023)."""
    said = list(found)
    cached = {word.agent for word in said if word.rule == "nocache"}
    for word in said:
        if not (word.rule == "noarchive" and word.agent in cached):
            meaning = MEANINGS.get(word.rule) or _intended(word.rule)
            yield from [(word, meaning)] if meaning else []


def _intended(rule: str) -> Meaning | None:
    """What a word outside the vocabulary may mean to refuse: unknown, with the warning that says so."""
    letters = re.sub(r"[^a-z]", "", rule)
    if rule in KNOWN or not any(word in letters for word in REFUSALS):
        return None
    warnings = ("expired", "deny-intent") if rule == REFUSALS[-1] else DENY_INTENT
    return Meaning(TRAINING, Value.UNKNOWN, warnings=warnings)


def misplaced(found: Iterable[Word]) -> Iterator[Word]:
    """``found`` where the vocabulary is not defined: no word of it counts, what it means to refuse is kept."""
    return (Word(word.agent, f"{word.rule} (misplaced)") for word in found)


def statements(spec: Spec, observation: Observation, ask: Ask, found: Iterable[Word], evidence: Evidence) -> Iterator[Signal]:
    """The statements that ``found`` makes of the response in ``observation``, each once."""
    seen = dict.fromkeys((word.agent, meaning) for word, meaning in meanings(found))
    for agent, meaning in seen:
        if meaning.vendor and agent not in BOTS[meaning.vendor]:
            continue
        for axis in meaning.axes:
            yield Signal(
                spec.name,
                spec.version,
                Level.RESPONSE,
                IMAGES if meaning.images else observation.url,
                axis,
                Value.UNKNOWN if meaning.images and _is_no_image(observation, ask) else meaning.value,
                evidence,
                conditions=meaning.conditions,
                addressee=meaning.vendor or agents.spelled(agent),
                warnings=meaning.warnings,
            )


def _is_no_image(observation: Observation, ask: Ask) -> bool:
    """Whether something is asked that is known to be no picture, so that a word about pictures is silent."""
    named = [ask.media_type, *observation.header("content-type"), "image/" if observation.source is Source.IMAGE else ""]
    media = next((text.strip().lower() for text in named if text.strip()), "text/html" if observation.source is Source.PAGE else "")
    return ask.url is not None and bool(media) and not media.startswith("image/")
