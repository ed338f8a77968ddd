"""The running text of Markdown: without link targets, HTML tags and front matter; other marks are punctuation, which nobody compares."""

from __future__ import annotations

import re

from sekisho.formats.reading.running import Pieces, Reading

FRONT_MATTER = re.compile(r"\A\ufeff?---\r?\n(?:.*\r?\n)*?---[ \t]*(?:\r?\n|\Z)")
TITLE = re.compile(r"^(?:title:[ \t]*[\"']?(.+?)[\"']?|#[ \t]+(.+?)[ \t#]*)\r?$", re.MULTILINE)
MARKS = re.compile(
    r"(?<=\])\((?:[^()\n]|\([^()\n]*\))*\)|(?<=\])\[[^\]\n]*\]|^[ ]{0,3}\[[^\]\n]+\]:.*$|</?[A-Za-z!][^<>\n]*>", re.MULTILINE
)
SIGN = re.compile(r"\]\(|^#{1,6}[ \t]|^```", re.MULTILINE)


def recognises(text: str) -> bool:
    """True when ``text`` shows a heading, a link or a fence near its start."""
    head = text[:1000]
    return ("](" in head or "#" in head or "```" in head) and SIGN.search(head) is not None


def read(text: str) -> Reading:
    """The text as a reader sees it, and its first heading or the title of its front matter."""
    front = FRONT_MATTER.match(text)
    at = front.end() if front else 0
    title = TITLE.search(text[:4000])
    pieces = Pieces()
    for mark in MARKS.finditer(text, at):
        pieces.keep(text, at, mark.start())
        at = mark.end()
    pieces.keep(text, at, len(text))
    running, offsets = pieces.text_and_offsets()
    return Reading(running, offsets, len(text), (title[1] or title[2]) if title else "")
