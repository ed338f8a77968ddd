"""The words of the command line itself, usage, headings and complaints, in the language of the one who reads them."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn

from sekisho.cli._terminal import inert
from sekisho.model import Text

LANGUAGES = ("en", "ja")
CHOICE = re.compile(r"invalid choice: '(?P<given>.*)' \(choose from (?P<known>.*)\)")
HEADINGS = {"positional arguments": "引数", "options": "オプション"}
COMPLAINTS = (
    (r"the following arguments are required: (.*)", r"次の引数が必要です：\1"),
    (r"one of the arguments (.*) is required", r"次のいずれかの引数が必要です：\1"),
    (r"unrecognized arguments: (.*)", r"知らない引数です：\1"),
    (r"argument (.*?): expected one argument", r"\1：値を一つ指定してください"),
    (r"argument (.*?): expected at least one argument", r"\1：値を一つ以上指定してください"),
    (r"argument (.*?): expected (\d+) arguments", r"\1：値を \2 個指定してください"),
    (r"argument (.*?): invalid choice: (.*) \(choose from (.*)\)", r"\1：\2 は選べません（選べるのは \3）"),
    (r"argument (.*?): invalid \w+ value: (.*)", r"\1：\2 は値として読めません"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1：\2 と同時には指定できません"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1：値 \2 は取りません"),
    (r"ambiguous option: (.*?) could match (.*)", r"オプション \1 は一つに決まりません：\2"),
)
"""What argparse complains of, and how that is said in Japanese; what is not here is said as it came."""


def wanted(words: Sequence[str], default: str) -> str:
    """The language that ``--lang`` asks for among ``words``, so that even help and complaints are in it; else ``default``."""
    pairs = [*pairwise(words), *(word.split("=", 1) for word in words if word.startswith("--lang="))]
    return next((value for name, value in pairs if name == "--lang" and value in LANGUAGES), default)


class EnglishParser(argparse.ArgumentParser):
    """Says in a complaint which word was perhaps meant, and where the rest is explained."""

    def error(self, message: str) -> NoReturn:
        """Print usage and complaint on standard error and leave with exit code 2."""
        near = _near(message)
        self.complain(message + (f". Did you mean {near}?" if near else "") + f"\n`{self.prog} --help` explains.")

    def complain(self, message: str) -> NoReturn:
        """Leave with exit code 2, saying ``message``; what it quotes may steer a terminal, so it is made inert."""
        self.print_usage(sys.stderr)
        self.exit(2, inert(f"sekisho: {message}\n"))


class JapaneseHelp(argparse.HelpFormatter):
    """Help under Japanese headings, its lines cut by how wide they look."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin with 使い方."""
        super().add_usage(usage, actions, groups, "使い方：" if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """Begin a section."""
        super().start_section(HEADINGS.get(heading or "", heading))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(text, max(width // 2, 10))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return textwrap.fill(text, max(width // 2, 10), initial_indent=indent, subsequent_indent=indent)


class JapaneseParser(EnglishParser):
    """The same in Japanese."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**{"formatter_class": JapaneseHelp, **words, "add_help": False})
        self.add_argument("-h", "--help", action="help", help="この説明を表示して終了")

    def error(self, message: str) -> NoReturn:
        """Print usage and complaint on standard error and leave with exit code 2."""
        near = _near(message)
        self.complain(
            japanese(message) + (f"。{near} のことですか" if near else "") + f"\n`{self.prog} --help --lang ja` に説明があります。"
        )


PARSERS: dict[str, type[EnglishParser]] = {"en": EnglishParser, "ja": JapaneseParser}
VERSION_HELP = Text("show the version and exit", "バージョンを表示して終了")


def japanese(complaint: str) -> str:
    """``complaint`` of argparse in Japanese."""
    found = (re.sub(pattern, words, complaint) for pattern, words in COMPLAINTS if re.fullmatch(pattern, complaint, re.DOTALL))
    return next(found, complaint)


def _near(complaint: str) -> str:
    """The known word that looks like the one given; empty when the complaint is of something else, or nothing does."""
    found = CHOICE.search(complaint)
    known = re.findall(r"[\w-]+", found["known"]) if found else []
    return next(iter(difflib.get_close_matches(found["given"], known, 1)), "") if found else ""
