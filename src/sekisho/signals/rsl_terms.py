"""RSL 1.0 documents as terms: which content, under which licences, and whether the document keeps to the specification (section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from xml.etree.ElementTree import Element

from sekisho.formats.path_pattern import Pattern, compile_pattern
from sekisho.model import Axis, Offer, Value

SPACE = "{https://rslstandard.org/rsl}"
ROOT, CONTENT = f"{SPACE}rsl", f"{SPACE}content"
PARENTS = {
    "content": "rsl",
    "license": "content",
    "permits": "license",
    "prohibits": "license",
    "payment": "license",
    "standard": "payment",
    "custom": "payment",
    "amount": "payment",
}
"""Where the elements that grant, refuse or charge must stand; ``rsl`` is the root."""
ANYWHERE = frozenset({"accepts", "reporting", "legal", "alternate", "schema", "copyright", "terms"})
AI = (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE)
USAGE = {
    "all": (*AI, Axis.SEARCH, Axis.TDM),
    "ai-all": AI,
    "ai-train": (Axis.TRAIN, Axis.TRAIN_NONGEN),
    "ai-input": (Axis.AI_USE,),
    "ai-index": (Axis.AI_USE,),
    "search": (Axis.SEARCH,),
}
DRAFTED = {"train-ai": USAGE["ai-train"], "train-genai": (Axis.TRAIN,), "ai-use": USAGE["ai-input"], "ai-summarize": USAGE["ai-input"]}
"""Words of the drafts: a prohibition in them is understood, a permission is not."""
TYPES = frozenset({"usage", "user", "geo"})
WITHOUT_FEE = {"": (), "free": (), "attribution": ("attribution",), "contribution": ("contribution",)}
"""The payment types that cost nothing, with their conditions."""
ABSOLUTE = re.compile(r"https?://([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)
DEFAULT_PORT = re.compile(r":(?:80|443)?$")
AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12})?")
LIMIT_CONTENTS = 10_000
QUOTED = 4096
MALFORMED, COMMAS, TRUNCATED = "malformed", "rsl-0.9", "truncated"


@dataclass(frozen=True, slots=True)
class Licence:
    """One set of terms. ``permits`` and ``prohibits`` hold words by type; ``value`` is what a permitted use comes to: allow or licence."""

    permits: dict[str, frozenset[str]]
    prohibits: dict[str, frozenset[str]]
    value: Value
    conditions: frozenset[str]
    offer: Offer

    def prohibited(self) -> set[Axis]:
        """The axes that a prohibition names."""
        return {axis for word in self.prohibits.get("usage", ()) for axis in USAGE.get(word, DRAFTED.get(word, ()))}

    def permitted(self) -> set[Axis]:
        """The axes that a permission names."""
        return {axis for word in self.permits.get("usage", ()) for axis in USAGE.get(word, ())}


class Scope(NamedTuple):
    """The addresses a content covers: a path pattern as in robots.txt, at one authority or at the site that speaks."""

    authority: Pattern | None
    path: Pattern

    def narrowness(self, authority: bytes, path: bytes) -> int | None:
        """How many octets of pattern cover the address, None when it is not covered."""
        here = self.authority is None or self.authority.matches(authority)
        return self.path.octets if here and self.path.matches(path) else None


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """One ``content`` with at least one licence; ``scope`` is None when its ``url`` is empty or none, ``warnings`` are what was wrong in it."""

    url: str
    scope: Scope | None
    licences: tuple[Licence, ...]
    where: str
    element: Element
    warnings: tuple[str, ...]

    @property
    def quote(self) -> str:
        """The element written out again, as far as evidence needs it."""
        return "".join(_written(self.element))[:QUOTED]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The contents of a document; of one that does not conform only the prohibitions count (section 3.1)."""

    contents: tuple[Content, ...]
    conforming: bool = True
    warnings: tuple[str, ...] = ()


def terms(root: Element) -> Terms:
    """What the document under ``root`` says; a content without a licence has no terms and is left out."""
    found = root.findall(CONTENT) if root.tag == ROOT else []
    wrong = not found or not _is_conforming(root)
    cut = len(found) > LIMIT_CONTENTS
    contents = tuple(_content(element, f"content {number}") for number, element in enumerate(found[:LIMIT_CONTENTS], 1))
    intent = ("deny-intent",) if wrong and _means_to_prohibit(root) else ()
    warnings = (*((MALFORMED, *intent) if wrong else ()), *((TRUNCATED,) if cut else ()))
    return Terms(tuple(content for content in contents if content.licences), not (wrong or cut), warnings)


def _is_conforming(root: Element) -> bool:
    """Whether every element of the namespace is known, stands where it may, and says one thing once."""
    return all(_is_known(child, parent) for parent in _own(root) for child in parent) and all(map(_is_sound, root.iter(f"{SPACE}license")))


def _own(root: Element) -> Iterator[Element]:
    """The elements of the namespace, outermost first; what stands in foreign elements is theirs."""
    stack = [root]
    while stack:
        element = stack.pop()
        yield element
        stack += [child for child in element if child.tag.startswith(SPACE)]


def _is_known(child: Element, parent: Element) -> bool:
    name = child.tag.removeprefix(SPACE)
    return name == child.tag or name in ANYWHERE or SPACE + PARENTS.get(name, "") == parent.tag


def _is_sound(licence: Element) -> bool:
    """Whether each kind of permission and prohibition stands at most once, of a known type, and so does the payment."""
    said = [(child.tag, child.get("type", "")) for name in ("permits", "prohibits") for child in licence.findall(SPACE + name)]
    payments = licence.findall(f"{SPACE}payment")
    return len(set(said)) == len(said) and all(kind in TYPES for _, kind in said) and len(payments) <= 1


def _means_to_prohibit(root: Element) -> bool:
    return any("prohibit" in element.tag.lower() for element in root.iter())


def _content(element: Element, where: str) -> Content:
    server, url = element.get("server", "").strip(), element.get("url", "").strip()
    licences = tuple(_licence(licence, server, _contact(element)) for licence in element.findall(f"{SPACE}license"))
    return Content(url, _scope(url), licences, where, element, _warnings(element))


def _scope(url: str) -> Scope | None:
    found = ABSOLUTE.fullmatch(url)
    authority, path = (found[1].rpartition("@")[2], found[2]) if found else ("", url)
    if found and not path.startswith(("/", "*")):
        path = f"/{path}"
    if not path.startswith(("/", "*")):
        return None
    return Scope(
        compile_pattern(f"{plain_authority(authority)}$".encode()) if found else None, compile_pattern(path.encode("utf-8", "replace"))
    )


def plain_authority(authority: str) -> str:
    """``authority`` in lower case without a default port: http and https of one site are one site here."""
    return DEFAULT_PORT.sub("", authority.lower())


def _warnings(content: Element) -> tuple[str, ...]:
    """What is wrong with the words of a content; a prohibition in unknown words still means to prohibit."""
    found: dict[str, None] = {}
    for name, known in (("permits", USAGE), ("prohibits", {**USAGE, **DRAFTED})):
        for element in content.iterfind(f"{SPACE}license/{SPACE}{name}"):
            words = _words(element)
            found |= dict.fromkeys((COMMAS,) if "," in "".join(element.itertext()) else ())
            if element.get("type") == "usage" and not words <= known.keys():
                found |= dict.fromkeys((MALFORMED, "deny-intent") if name == "prohibits" else (MALFORMED,))
    return tuple(found)


def _words(element: Element) -> frozenset[str]:
    """The words of a list; case and mark-up within are forgiven where something is prohibited, not where it is permitted."""
    prohibits = element.tag == f"{SPACE}prohibits"
    text = "".join(element.itertext()).lower() if prohibits else element.text or ""
    return frozenset(text.replace(",", " ").split())


def _licence(element: Element, server: str, contact: str) -> Licence:
    offer, value, conditions = _payment(element.find(f"{SPACE}payment"))
    if server:
        offer, value = replace(offer, server=server), Value.LICENCE
    if value is Value.LICENCE and not offer.url:
        offer = replace(offer, url=contact)
    if element.find(f"{SPACE}reporting") is not None:
        conditions = (*conditions, "reporting")
    return Licence(_said(element, "permits"), _said(element, "prohibits"), value, frozenset(conditions), offer)


def _said(licence: Element, name: str) -> dict[str, frozenset[str]]:
    """The words of each type, all elements of the type together."""
    found: dict[str, frozenset[str]] = {}
    for element in licence.findall(SPACE + name):
        kind = element.get("type", "")
        found[kind] = found.get(kind, frozenset()) | _words(element)
    return found


def _payment(payment: Element | None) -> tuple[Offer, Value, tuple[str, ...]]:
    """What is to be paid: nothing when no payment, or an empty one without a type, is given (section 3.7)."""
    if payment is None:
        return Offer(), Value.ALLOW, ()
    kind = payment.get("type", "").strip()
    amount = payment.find(f"{SPACE}amount")
    number = (amount.text or "").strip() if amount is not None else ""
    currency = amount.get("currency", "").strip() if amount is not None else ""
    offer = Offer(
        _text(payment, "custom"), kind, number if AMOUNT.fullmatch(number) else "", currency if number else "", _text(payment, "standard")
    )
    costs = bool(number.strip("0.")) or (not kind and len(payment) > 0)
    free = kind in WITHOUT_FEE and not costs
    return offer, Value.ALLOW if free else Value.LICENCE, WITHOUT_FEE[kind] if free else ()


def _text(element: Element, name: str) -> str:
    return (element.findtext(SPACE + name) or "").strip()


def _contact(content: Element) -> str:
    """Where to ask when the terms name no address: the holder's page or mail, else the page of the terms."""
    holder = content.find(f"{SPACE}copyright")
    mail = holder.get("contactEmail", "") if holder is not None else ""
    page = holder.get("contactUrl", "") if holder is not None else ""
    return page or (f"mailto:{mail.removeprefix('mailto:')}" if mail else "") or _text(content, "terms")


def _written(element: Element) -> Iterator[str]:
    """``element`` as text, without namespaces."""
    name = element.tag.rpartition("}")[2]
    attributes = "".join(f' {key.rpartition("}")[2]}="{value}"' for key, value in element.items())
    yield f"<{name}{attributes}>{(element.text or '').strip()}"
    for child in element:
        yield from _written(child)
    yield f"</{name}>"
