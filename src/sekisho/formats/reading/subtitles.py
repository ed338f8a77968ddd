"""The spoken lines of subtitles: SubRip (.srt), WebVTT (.vtt), Advanced SubStation Alpha (.ass, .ssa)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sekisho.formats.reading.running import Pieces, Reading

TIMES = re.compile(r"^[ \t]*(?:\d+:)?\d+:\d+[.,]\d+[ \t]*-->[ \t]*(?:\d+:)?\d+:\d+[.,]\d+.*$", re.MULTILINE)
CUE_TEXT = re.compile(r"\r?\n(?P<text>(?:[^\r\n]+(?:\r?\n|\Z))*)")
SCRIPT_INFO = re.compile(r"^\ufeff?\s*\[Script Info\]", re.IGNORECASE)
DIALOGUE = re.compile(r"^Dialogue:(?:[^,\n]*,){9}(?P<text>[^\r\n]*)", re.MULTILINE)
TITLE = re.compile(r"^Title:[ \t]*(.+?)[ \t]*\r?$", re.MULTILINE)
MARKS = re.compile(r"<[^<>\n]*>|\{[^{}\n]*\}|\\[Nnh]")


def recognises(text: str) -> bool:
    """True when ``text`` begins as a script or holds a line of times near its start."""
    head = text[:2000]
    return ("-->" in head and TIMES.search(head) is not None) or SCRIPT_INFO.match(head) is not None


def read(text: str) -> Reading:
    """The spoken lines in the order of the file."""
    pieces = Pieces()
    for start, end in _script_lines(text) if SCRIPT_INFO.match(text) else _cues(text):
        at = start
        for mark in MARKS.finditer(text, start, end):
            pieces.keep(text, at, mark.start())
            at = mark.end()
        pieces.keep(text, at, end)
        pieces.put("\n", end)
    running, offsets = pieces.text_and_offsets()
    title = TITLE.search(text[:2000])
    return Reading(running, offsets, len(text), title[1] if title else "")


def _cues(text: str) -> Iterator[tuple[int, int]]:
    for times in TIMES.finditer(text):
        if found := CUE_TEXT.match(text, times.end()):
            yield found.span("text")


def _script_lines(text: str) -> Iterator[tuple[int, int]]:
    for found in DIALOGUE.finditer(text):
        yield found.span("text")
