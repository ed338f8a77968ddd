"""Really Simple Licensing 1.0: terms in XML, and every way to point to them or carry them (section 4).

A pointer says only that there are terms; the combination puts what they say where they are pointed to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from sekisho.formats import epub, html, xml
from sekisho.formats.carried import RSL as RSL_NAME
from sekisho.formats.carried import Kind
from sekisho.formats.path_pattern import as_fetched, target
from sekisho.formats.text import is_html
from sekisho.model import Ask, Axis, Evidence, Level, Observation, Offer, Signal, Source, Spec, Text, Value, quote
from sekisho.signals import responses
from sekisho.signals.agents import asked
from sekisho.signals.asset import FILES, MISPLACED, asset
from sekisho.signals.asset import scope as scope_of_file
from sekisho.signals.robots_groups import RobotsTxt, seen
from sekisho.signals.rsl_evaluation import Answer, Reached, answers
from sekisho.signals.rsl_feeds import Item, items, wrapped
from sekisho.signals.rsl_pointers import MEDIA_TYPE, Pointer, in_headers, in_page, in_robots
from sekisho.signals.rsl_terms import CONTENT, ROOT, Content, Terms, plain_authority, terms

SPEC = Spec(
    name="rsl",
    title=Text("Really Simple Licensing (RSL)", "Really Simple Licensing（RSL）"),
    version="1.0",
    dated=date(2025, 12, 10),
    status="practice",
    address="https://rslstandard.org/rsl",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "A permitted use is allowed, or a licence where it costs something; what a list of permissions leaves out, or a prohibition names, is denied.",
        "許可された利用は許可、対価があれば要許諾。許可の一覧にない利用と禁止された利用は拒否とする。",
    ),
    unsure=Text(
        "Whether a file that lists AI uses only means to deny search: it does, with the warning implicit.",
        "AI利用だけを列挙したファイルが検索も拒む趣旨か。警告 implicit を付けて拒否とする。",
    ),
    sources=(Source.RSL, Source.ROBOTS, Source.SIDECAR, *responses.SOURCES),
)
LIMIT_BYTES = 1 << 20
ROOT_NAME = re.compile(rb"<((?:[\w.-]{1,64}:)?rsl)[\s>]")
NARROWEST = 1 << 30
"""The scope of terms that stand in the very thing they speak of."""
MALFORMED, PARTIAL = "malformed", "partial-scope"
BEHIND_PAYMENT = {401, 402}


class Voice(NamedTuple):
    """Where terms were met: their level, place and document, what they cover if they say no address, and why an allow in them is none."""

    level: Level
    where: str = ""
    document: str = ""
    scope: str = ""
    withheld: tuple[str, ...] = ()


def programs(_observation: Observation, _ask: Ask) -> tuple[()]:
    """Nothing: what a robots.txt points to is for every address of its site alike."""
    return ()


def read(observation: Observation, ask: Ask) -> Iterable[Signal]:
    """What RSL terms in or behind ``observation`` say: of ``ask.url``, or of each content with its scope when no address is asked."""
    if observation.source is Source.ROBOTS:
        robots = seen(observation)
        return _lines(robots, observation.url, asked(ask), listed=ask.url is None) if robots else ()
    if observation.source in {Source.RSL, Source.FEED}:
        return _kept(observation, ask)
    return _response(observation, ask) if responses.speaks(observation) else []


@lru_cache(maxsize=64)
def _lines(robots: RobotsTxt, url: str, tokens: tuple[str, ...], *, listed: bool) -> tuple[Signal, ...]:
    return tuple(_pointed(pointer) for pointer in in_robots(robots, url, () if listed else tokens))


def _signal(voice: Voice, axis: Axis, value: Value, quoted: str = "", *, warnings: tuple[str, ...] = ()) -> Signal:
    evidence = Evidence(voice.where, quote(quoted), voice.document)
    return Signal(SPEC.name, SPEC.version, voice.level, voice.scope or "/", axis, value, evidence, warnings=tuple(dict.fromkeys(warnings)))


def _unknown(voice: Voice, quoted: str, *warnings: str) -> Signal:
    return _signal(voice, Axis.TDM, Value.UNKNOWN, quoted, warnings=warnings)


def _pointed(pointer: Pointer) -> Signal:
    """The unknown that stands for terms kept elsewhere."""
    voice = Voice(pointer.level, pointer.evidence.where)
    said = _unknown(voice, pointer.evidence.quote, "terms-elsewhere", *pointer.warnings)
    return replace(said, addressee=pointer.addressee, offers=(Offer(licence_uri=pointer.uri),) if pointer.uri else ())


def _said(answer: Answer, voice: Voice, warnings: tuple[str, ...]) -> Signal:
    withheld = voice.withheld if answer.value is Value.ALLOW else ()
    here = voice._replace(where=f"{voice.where} {answer.content.where}".strip(), scope=voice.scope or answer.content.url)
    said = _signal(
        here,
        answer.axis,
        Value.UNKNOWN if withheld else answer.value,
        answer.content.quote,
        warnings=(*answer.warnings, *withheld, *warnings),
    )
    return replace(said, conditions=answer.conditions, offers=answer.offers)


def _stated(found: Terms, reached: list[Reached], ask: Ask, voice: Voice) -> Iterator[Signal]:
    """The answers of the contents reached, and a doubt when the document is not what it should be."""
    yield from _answered(found, tuple(reached), voice, commercial=ask.commercial)
    if found.warnings:
        yield _unknown(voice, "", *found.warnings)


@lru_cache(maxsize=128)
def _answered(found: Terms, reached: tuple[Reached, ...], voice: Voice, *, commercial: bool) -> tuple[Signal, ...]:
    """The answers, kept for a moment: most addresses of a site are reached by the same contents."""
    return tuple(_said(answer, voice, found.warnings) for answer in answers(found, reached, commercial=commercial))


class Kept(NamedTuple):
    """An RSL document, or the items of a feed with the terms each carries; neither when it is none of both."""

    document: Terms | None
    items: tuple[Item, ...]
    warnings: tuple[str, ...]


def _kept(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """The statements of a document or feed; a document comes with a demand for payment too (section 4.9)."""
    voice = Voice(Level.LOCATION, document=observation.url)
    if observation.failed:
        yield _unknown(voice, observation.failure or str(observation.status), "unreachable")
    elif not observation.absent or observation.status in BEHIND_PAYMENT:
        kept = _taken_apart(observation.body)
        if kept.document:
            yield from _document(kept.document, ask, voice)
        elif kept.items:
            yield from _feed(kept.items, observation.url, ask)
        elif kept.warnings or observation.source is Source.RSL:
            yield _unknown(voice, quote(observation.body), *(kept.warnings or (MALFORMED,)))


@lru_cache(maxsize=8)
def _taken_apart(body: bytes) -> Kept:
    if is_html(body):
        return Kept(None, (), ("wrong-type",))
    root, warnings = xml.parse(_whole_contents(body), bare_doctype=True)
    if root is None:
        intent = ("deny-intent",) if b"prohibit" in body else ()
        return Kept(None, (), (*warnings, *intent) if b"rsl" in body.lower() else ())
    if root.tag != ROOT:
        return Kept(None, tuple(items(root)), ())
    found = terms(root)
    cut = len(body) > LIMIT_BYTES
    return Kept(replace(found, conforming=False, warnings=(*found.warnings, "truncated")) if cut else found, (), ())


def _whole_contents(body: bytes) -> bytes:
    """``body``, or of one over the limit what is whole of it: the contents that end before, and a closing tag."""
    name = ROOT_NAME.search(body[:LIMIT_BYTES])
    if len(body) <= LIMIT_BYTES or not name:
        return body
    end = body.rfind(b"content>", 0, LIMIT_BYTES) + len(b"content>")
    return body[:end] + b"</" + name[1] + b">"


def _document(found: Terms, ask: Ask, voice: Voice) -> Iterator[Signal]:
    if ask.url is None:
        for content in found.contents:
            yield from _answered(found, (Reached(NARROWEST, content),), voice, commercial=ask.commercial)
        reached: list[Reached] = []
    else:
        reached = _reached(found.contents, *_address(ask.url))
    yield from _stated(found, reached, ask, voice)
    yield from _nowhere(found, voice)
    if ask.url is not None and not reached:
        yield _unknown(voice, "", "no-match")


def _nowhere(found: Terms, voice: Voice) -> Iterator[Signal]:
    """A doubt for each prohibition whose address is none."""
    for content in found.contents:
        if content.scope is None and any("usage" in licence.prohibits for licence in content.licences):
            yield _unknown(voice._replace(where=content.where, scope=content.url), content.quote, MALFORMED, "deny-intent")


def _reached(contents: Iterable[Content], authority: bytes, path: bytes) -> list[Reached]:
    found = ((content, content.scope and content.scope.narrowness(authority, path)) for content in contents)
    return [Reached(narrowness, content) for content, narrowness in found if narrowness is not None]


def _address(url: str) -> tuple[bytes, bytes]:
    """Authority and normalised path of ``url``."""
    fetched = as_fetched(url)
    try:
        authority = urlsplit(fetched).netloc.rpartition("@")[2]
    except ValueError:
        authority = ""
    return plain_authority(authority).encode("utf-8", "replace"), target(fetched)


def _feed(found: Iterable[Item], url: str, ask: Ask) -> Iterator[Signal]:
    """The terms of the items that ``ask.url`` is, or lies under; a feed speaks for its own site only (section 4.7)."""
    authority, _ = _address(url)
    for item in found:
        own = (content for content in item.terms.contents if _is_at(content, authority))
        reached = [Reached(NARROWEST, content) for content in own if ask.url is None or _is_item(item, content, ask.url)]
        if reached:
            yield from _stated(item.terms, reached, ask, Voice(Level.LOCATION, item.where, scope="" if item.is_channel else item.address))


def _is_at(content: Content, authority: bytes) -> bool:
    there = content.scope.authority if content.scope else None
    return there is None or there.matches(authority)


def _is_item(item: Item, content: Content, url: str) -> bool:
    return url in item.addresses if not content.url else bool(_reached([content], *_address(url)))


def _response(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """Pointers in headers and page, terms written into the page, terms carried in a file."""
    for pointer in in_headers(observation):
        yield _pointed(pointer)
    if observation.source is Source.PAGE and not observation.absent:
        page = html.parse(observation.body, ", ".join(observation.header("content-type")))
        for pointer in in_page(page, observation.url):
            yield _pointed(pointer)
        for script in page.every("script"):
            yield from _inline(script, observation.url, ask)
    elif observation.source in FILES and not observation.absent:
        yield from _embedded(observation, ask)


def _inline(script: html.Element, url: str, ask: Ask) -> Iterator[Signal]:
    """Terms in a script element: in the head for the page, elsewhere for the element around it (section 4.6)."""
    if script.attributes.get("type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        return
    voice = Voice(Level.RESPONSE, script.where, scope=url, withheld=() if script.in_head else (PARTIAL,))
    found = _one_content(xml.parse(script.text.encode("utf-8", "replace")).root)
    if found is None:
        yield _unknown(voice, script.text, MALFORMED, *(("deny-intent",) if "prohibit" in script.text else ()))
        return
    reached = [Reached(NARROWEST, content) for content in found.contents if not content.url or _reached([content], *_address(url))]
    yield from _stated(found, reached, ask, voice)


def _one_content(root: Element | None) -> Terms | None:
    """The terms of a document that may hold one content only; a bare content is taken for its document."""
    if root is not None and root.tag == CONTENT:
        root = wrapped([root])
    if root is None or root.tag != ROOT:
        return None
    found = terms(root)
    several = len(root.findall(CONTENT)) > 1 and not found.warnings
    return replace(found, conforming=False, warnings=(MALFORMED,)) if several else found


def _embedded(observation: Observation, ask: Ask) -> Iterator[Signal]:
    """Terms carried in a file, for the file wherever it is found; they must name its address (section 4.8)."""
    for where, root, sound in _carried(observation):
        voice = Voice(Level.ASSET, where, scope=scope_of_file(observation), withheld=() if sound else (MISPLACED,))
        found = _one_content(root)
        if found is None:
            yield _unknown(voice, "", MALFORMED)
        else:
            named = [Reached(NARROWEST, content) for content in found.contents if content.url]
            yield from _stated(found, named, ask, voice)


def _carried(observation: Observation) -> Iterator[tuple[str, Element | None, bool]]:
    """Every RSL document in a file: its place, its root, and whether it stood where it should."""
    if observation.source is Source.EPUB:
        packages = (package for package in epub.packages(observation.body) if isinstance(package, epub.Package))
        yield from ((f"EPUB, {package.path}", root, True) for package in packages for root in package.root.iter(ROOT))
    found = asset(observation)
    yield from ((one.where, xml.parse(one.data).root, one.sound) for one in found.embedded.carried if one.kind is Kind.RSL)
    for packet in found.packets:
        tree = xml.parse(packet.data).root if RSL_NAME in packet.data else None
        yield from ((packet.where, root, packet.sound) for root in (tree.iter(ROOT) if tree is not None else ()))
