"""Reads the rows of the demo's data sets out of published packages: addresses as they stand there, with the words that stand beside them.

Python files are read as syntax, never run. Every reader gives plain columns by name; a value the package does not state is None.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sekisho.demo.packages import members

Row = dict[str, str | None]
WEB = ("http://", "https://")
ADULT = 18
PATTERNS = ("re:", "md5:", "startswith:", "contains:", "count:")
"""How yt-dlp begins an expected title that is no title."""
GALLERIES = """500px artstation behance deviantart flickr furaffinity imgur inkbunny newgrounds photobucket pinterest pixiv seiga smugmug
    tumblr twitter unsplash vsco weasyl wikiart"""
"""The gallery-dl modules that are read: sites where artists and photographers show their work; sites for adults are left aside."""

CITED = re.compile(rb"https?://[^\s<>\"'`\\()\[\]{}|,]++(?![({])")
"""An address in the text of a program; one that a bracket cuts short is not whole and left out."""


def videos(package: Path) -> Iterator[Row]:
    """What yt-dlp's extractors are tested on: address, title, uploader, day of upload and licence; nothing marked as for adults."""
    for member in members(package, "yt_dlp/extractor/*.py"):
        for value in _assigned(member.body, ("_TEST", "_TESTS")):
            for test in value.elts if isinstance(value, ast.List | ast.Tuple) else [value]:
                fields = _entries(test)
                info = {name: _constant(node) for name, node in _entries(fields.get("info_dict")).items()}
                url, title = _constant(fields.get("url")), info.get("title")
                if _is_web(url) and title and not str(title).startswith(PATTERNS) and info.get("age_limit") != ADULT:
                    yield _video(url, info)


def _video(url: str, info: dict[str, Any]) -> Row:
    published = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", str(info.get("upload_date") or ""))
    words = {name: info.get(key) for name, key in (("title", "title"), ("uploader", "uploader"), ("license", "license"))}
    return {"url": url, **{name: str(word) if word else None for name, word in words.items()}, "published": published or None}


def pictures(package: Path) -> Iterator[Row]:
    """What gallery-dl's extractors for art and photographs are tested on: address and site."""
    for member in members(package, "gallery_dl/extractor/*.py"):
        site = Path(member.path).stem
        for value in _assigned(member.body, ("test",)) if site in GALLERIES.split() else ():
            firsts = (_constant(node.elts[0]) for node in ast.walk(value) if isinstance(node, ast.Tuple) and node.elts)
            yield from ({"url": url, "site": site} for url in firsts if _is_web(url))


def links(package: Path) -> Iterator[Row]:
    """The external links of the wiki articles that pymediawiki is tested on: address, and the article that cites it."""
    for member in members(package, "tests/mock_requests.json"):
        yield from _cited(json.loads(member.body), None)


def _cited(node: Any, article: str | None) -> Iterator[Row]:
    if isinstance(node, list):
        for each in node:
            yield from _cited(each, article)
    elif isinstance(node, dict):
        article = node.get("title") if isinstance(node.get("title"), str) else article
        listed = node.get("extlinks")
        for link in listed if isinstance(listed, list) else ():
            yield {"url": re.sub("^//", "https://", link["*"]), "cited_by": article}
        for each in node.values():
            yield from _cited(each, article)


def references(package: Path) -> Iterator[Row]:
    """The addresses that stand in a package's program text, above all in its documentation: address, and the file that cites it."""
    for member in members(package, "*.py"):
        for address in CITED.findall(member.body):
            yield {"url": address.decode("utf-8", "replace").rstrip(".;:*"), "cited_in": member.path}


def news(package: Path) -> Iterator[Row]:
    """The articles newspaper4k is tested on; its lists hold a few entries that are no addresses, and they stay as they are."""
    for member in members(package, "tests/data/metadata/*.json"):
        told = json.loads(member.body)
        if told.get("url"):
            yield {"url": told["url"], "title": told.get("title"), "language": told.get("language"), "published": told.get("publish_date")}
    for name in ("fulltext_url_list.txt", "test_urls.txt"):
        for member in members(package, f"tests/data/{name}"):
            listed = (re.sub("^[01] ", "", line.strip()) for line in member.body.decode("utf-8").splitlines())
            yield from ({"url": url, "title": None, "language": None, "published": None} for url in listed if url)


def sites(package: Path) -> Iterator[Row]:
    """The home pages of geo-check's corpus, and the pages it sampled from them with their number of words."""
    for line in table(package, "data/corpus_manifest.csv"):
        yield {"url": f"https://{line['domain']}/", "words": None}
    for line in table(package, "data/block_calibration.csv"):
        yield {"url": line["url"], "words": line["total_words"]}


def table(package: Path, path: str) -> Iterator[dict[str, str]]:
    """The lines of a CSV file in ``package``."""
    for member in members(package, path):
        yield from csv.DictReader(io.StringIO(member.body.decode("utf-8")))


def _assigned(source: bytes, names: tuple[str, ...]) -> Iterator[ast.expr]:
    """What the classes of a module assign to one of ``names``; modules that never mention them are not parsed."""
    if not any(name.encode() in source for name in names):
        return
    for holder in ast.parse(source).body:
        for statement in holder.body if isinstance(holder, ast.ClassDef) else ():
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and statement.targets[0].id in names:
                yield statement.value


def _entries(node: ast.expr | None) -> dict[Any, ast.expr]:
    """The entries of a written-out dict by constant key; nothing for any other expression."""
    return {_constant(key): value for key, value in zip(node.keys, node.values, strict=True)} if isinstance(node, ast.Dict) else {}


def _constant(node: ast.expr | None) -> Any:
    return node.value if isinstance(node, ast.Constant) else None


def _is_web(url: Any) -> bool:
    return isinstance(url, str) and url.startswith(WEB)
