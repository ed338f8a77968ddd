"""Reads the mark-up of Aozora Bunko files: title block, legend, ruby, editors' notes, characters beyond the old standard, colophon.

The running text is the base text: readings and notes are left out, a character given by its number in JIS X 0213 or Unicode is put in.
"""

from __future__ import annotations

import re

from sekisho.formats.reading.running import Author, Pieces, Reading

RULE = re.compile(r"^-{20,}[ \t]*$", re.MULTILINE)
LEGEND = "【テキスト中に現れる記号について】"
COLOPHON = re.compile(
    r"^[ \t　]*(?:［＃本文終わり］|(?:［＃[^］\n]*］)*(?:(?:翻訳の)?底本(?:の親本)?[：:「・]|入力[：:]|青空文庫作成ファイル))", re.MULTILINE
)
END_OF_FILE = re.compile(
    r"^[ \t　]*(?:入力[：:]|校正[：:]|青空文庫作成ファイル|このファイルは、インターネットの図書館、青空文庫)", re.MULTILINE
)
EDITION = re.compile(r"^[ \t　]*(?:翻訳の)?底本[：:]?(.+)$", re.MULTILINE)
ROLES = {"訳": "訳者", "編": "編者", "校訂": "校訂者"}
COLOPHON_REACH = 6000
"""No colophon known is longer than this, in characters."""

MARK_UP = re.compile(
    r"※［＃(?P<gaiji>(?:[^［］]|［＃[^［］]*］)*)］"
    r"|［＃(?:[^［］]|［＃[^［］]*］|［[^［］]*］)*］"
    r"|《[^《》\n]*》"
    r"|｜"
)
PLANE_ROW_CELL = re.compile(r"(\d)-(\d{1,2})-(\d{1,2})$")
CODE_POINT = re.compile(r"U\+([0-9A-Fa-f]{4,6})")


def recognises(text: str) -> bool:
    """True when ``text`` carries the legend, the archive's colophon, or its notes and ruby."""
    tail = text[-COLOPHON_REACH:]
    return LEGEND in text[:4000] or ("\n底本" in tail and END_OF_FILE.search(tail) is not None)


def read(text: str) -> Reading:
    """The work in an Aozora Bunko file, its title, author and source edition."""
    body, end = _body_start(text), _body_end(text)
    pieces = Pieces()
    _base_text(text, body, max(body, end), pieces)
    running, offsets = pieces.text_and_offsets()
    title, authors = _title_block(text[:body])
    edition = EDITION.search(text, end)
    matter = tuple(part for part in (text[:body], text[end:]) if part.strip())
    return Reading(running, offsets, len(text), title, authors, edition[1].strip() if edition else "", matter)


def _body_start(text: str) -> int:
    rules = [found.end() for found in RULE.finditer(text, 0, 8000)]
    if len(rules) >= 2 and LEGEND in text[: rules[1]]:
        return rules[1]
    blank = re.match(r"(?:[^\n]+\n){2,5}\n", text.removeprefix("\ufeff"))
    return blank.end() if blank and not rules and len(blank[0]) < 300 else 0


def _body_end(text: str) -> int:
    """Where the colophon begins: the first of its lines among those that run to the end of the file."""
    start = max(0, len(text) - COLOPHON_REACH)
    if not END_OF_FILE.search(text, start):
        return len(text)
    lines = [found.start() for found in COLOPHON.finditer(text, start)]
    return lines[0] if lines else len(text)


def _base_text(text: str, start: int, end: int, pieces: Pieces) -> None:
    at = start
    for mark in MARK_UP.finditer(text, start, end):
        pieces.keep(text, at, mark.start())
        pieces.put(_character(mark["gaiji"] or ""), mark.start())
        at = mark.end()
    pieces.keep(text, at, end)


def _character(note: str) -> str:
    """The character that a note describes by number (第3水準1-84-77, U+9DD7), or nothing."""
    if found := CODE_POINT.search(note):
        point = int(found[1], 16)
        return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else ""
    for part in note.split("、"):
        if found := PLANE_ROW_CELL.search(part.strip()):
            return _jis_x_0213(*map(int, found.groups()))
    return ""


def _jis_x_0213(plane: int, row: int, cell: int) -> str:
    if plane not in {1, 2} or not (1 <= row <= 94 and 1 <= cell <= 94):
        return ""
    lead = b"\x8f" if plane == 2 else b""
    return (lead + bytes((0xA0 + row, 0xA0 + cell))).decode("euc_jis_2004", "ignore")


def _title_block(head: str) -> tuple[str, tuple[Author, ...]]:
    """Title on the first line; the last ones, without an empty line between, name author and translator."""
    block = RULE.split(head.removeprefix("\ufeff"))[0].strip("\n").split("\n\n")[0]
    lines = [MARK_UP.sub("", line).strip() for line in block.splitlines() if line.strip()]
    if len(lines) < 2:
        return (lines[0] if lines else ""), ()
    people = [_author(line) for line in lines[1:]]
    named = [person for person in people if person.role]
    first = next((person for person in reversed(people) if not person.role), None)
    return lines[0], ((first, *named) if first else tuple(named))


def _author(line: str) -> Author:
    for suffix, role in ROLES.items():
        if line.endswith(suffix) and len(line) > len(suffix):
            return Author(line.removesuffix(suffix).strip(" 　"), role)
    return Author(line)
