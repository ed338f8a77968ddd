"""RSL terms in RSS and Atom feeds (RSL 1.0 section 4.7): which item carries them, and the addresses that are the item's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from sekisho.signals.rsl_terms import CONTENT, ROOT, Terms, terms

ATOM = "{http://www.w3.org/2005/Atom}"
ITEMS = {"item", "{http://purl.org/rss/1.0/}item", f"{ATOM}entry"}
LINKS = ("link", "guid", "{http://purl.org/rss/1.0/}link")


class Item(NamedTuple):
    """One item with terms, or the channel with the terms that stand outside its items."""

    where: str
    addresses: tuple[str, ...]
    terms: Terms
    is_channel: bool = False

    @property
    def address(self) -> str:
        """The first of its addresses, empty when it has none."""
        return next(iter(self.addresses), "")


def items(root: Element) -> Iterator[Item]:
    """The items of the feed under ``root`` that carry terms, then its channel if that does."""
    inside: set[Element] = set()
    for number, item in enumerate((element for element in root.iter() if element.tag in ITEMS), 1):
        contents = list(item.iter(CONTENT))
        inside.update(contents)
        if contents:
            yield Item(f"item {number}", tuple(_addresses(item)), terms(wrapped(contents)))
    outside = [content for content in root.iter(CONTENT) if content not in inside]
    if outside:
        yield Item("channel", (), terms(wrapped(outside)), is_channel=True)


def wrapped(contents: Iterable[Element]) -> Element:
    """A document of nothing but ``contents``."""
    root = Element(ROOT)
    root.extend(contents)
    return root


def _addresses(item: Element) -> Iterator[str]:
    for name in LINKS:
        yield from ((element.text or "").strip() for element in item.findall(name) if element.text)
    yield from (link.get("href", "").strip() for link in item.findall(f"{ATOM}link"))
    yield from (enclosure.get("url", "").strip() for enclosure in item.findall("enclosure"))
