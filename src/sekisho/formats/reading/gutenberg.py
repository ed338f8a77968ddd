"""Reads the plain text files of Project Gutenberg: title and author from the header; header, licence and transcriber's lines are set aside."""

from __future__ import annotations

import re

from sekisho.formats.reading.running import Author, Pieces, Reading

START = re.compile(
    r"^\*\*\* ?START OF TH(?:E|IS) PROJECT GUTENBERG E(?:BOOK|TEXT)[^\n]*(?:\n[^\n*]+){0,4}?\*\*\*[ \t]*\r?$", re.MULTILINE | re.IGNORECASE
)
END = re.compile(r"^(?:\*\*\* ?END OF TH(?:E|IS) PROJECT GUTENBERG|End of (?:the )?Project Gutenberg)", re.MULTILINE | re.IGNORECASE)
ROLES = {"Author": "", "Editor": "editor", "Translator": "translator", "Illustrator": "illustrator"}
STATED = re.compile(rf"^({'|'.join(ROLES)}|Title|Original publication):[ \t]*(.+?)[ \t]*\r?$", re.MULTILINE)
REACH = 20_000
"""No header known is longer than this, in characters."""


def recognises(text: str) -> bool:
    """True when ``text`` carries the line with which Project Gutenberg opens a book."""
    head = text[:REACH]
    return "GUTENBERG E" in head and START.search(head) is not None


def read(text: str) -> Reading:
    """The book in a file of Project Gutenberg, with its title, its makers and the edition that it was made from."""
    start = START.search(text, 0, REACH)
    first = start.end() if start else 0
    end = END.search(text, first)
    last = end.start() if end else len(text)
    pieces = Pieces()
    pieces.keep(text, first, last)
    running, offsets = pieces.text_and_offsets()
    stated = STATED.findall(text[:first])
    title, edition = (next((words for name, words in stated if name == wanted), "") for wanted in ("Title", "Original publication"))
    authors = tuple(Author(words, ROLES[name]) for name, words in stated if name in ROLES)
    matter = tuple(part for part in (text[:first], text[last:]) if part.strip())
    return Reading(running, offsets, len(text), title, authors, edition, matter)
