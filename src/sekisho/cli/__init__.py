"""The door: parses, calls a desk, prints; knows no law and no format. A command is one file of this folder.

Each has ``HELP: Text``, ``arguments(parser)`` and ``run(args) -> int``. Exit codes: 0 done and clean, 1 done with findings,
2 wrong use or unreadable input, 3 interrupted and resumable.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from contextlib import redirect_stdout
from io import TextIOWrapper
from typing import Protocol, TextIO, cast

from sekisho.cli._parser import LANGUAGES, PARSERS, VERSION_HELP, wanted
from sekisho.cli._terminal import Inert, inert
from sekisho.errors import SekishoError
from sekisho.model import NOT_ADVICE, Text
from sekisho.version import VERSION

CLEAN, FINDINGS, WRONG, INTERRUPTED = 0, 1, 2, 3
ABOUT = Text(
    "Sekisho: may this be trained on, may this be shown? By country and date, with reason and evidence.",
    "関所：学習に使えるか、表示してよいか。国と日付ごとに、理由と証拠を添えて答えます。",
)

SPOKEN = Text("language of the answer", "回答の言語")


class Command(Protocol):
    """The whole interface of a command's file; heavy imports belong inside ``run``."""

    HELP: Text

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it and give back the exit code."""


def language() -> str:
    """``ja`` when the environment asks for Japanese, else ``en``."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if wanted.lower().startswith("ja") else "en"


def commands() -> list[str]:
    """The names of all commands: the files of this folder that do not begin with an underscore."""
    return [name for _, name, _ in pkgutil.iter_modules(__path__) if not name.startswith("_")]


def command(name: str) -> Command:
    """The command called ``name``."""
    return cast("Command", importlib.import_module(f"{__name__}.{name}"))


def parser(names: list[str], lang: str) -> argparse.ArgumentParser:
    """The parser that knows the commands ``names``, its help in ``lang``."""
    top = PARSERS[lang](prog="sekisho", description=ABOUT.lang(lang), epilog=NOT_ADVICE.lang(lang))
    top.add_argument("--version", action="version", version=f"sekisho {VERSION}", help=VERSION_HELP.lang(lang))
    top.add_argument("--lang", choices=LANGUAGES, default=lang, help=SPOKEN.lang(lang))
    verbs = top.add_subparsers(metavar="COMMAND", required=True)
    for name in names:
        part = command(name)
        verb = verbs.add_parser(name, help=part.HELP.lang(lang), description=part.HELP.lang(lang), epilog=NOT_ADVICE.lang(lang))
        verb.add_argument("--lang", choices=LANGUAGES, default=lang, help=SPOKEN.lang(lang))
        part.arguments(verb)
        verb.set_defaults(run=part.run)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command line and give back its exit code; no traceback reaches a person, and nothing that steers a terminal."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # work is spread over processes; threads of a library beside them only wait for each other
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with redirect_stdout(cast("TextIO", Inert(sys.stdout))):
            return _answer(sys.argv[1:] if argv is None else argv)
    except BrokenPipeError:  # the reader of our output has gone: that is its right
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - keeps the interpreter's last flush quiet
        return CLEAN


def _answer(words: list[str]) -> int:
    lang = wanted(words, language())
    known = commands()
    try:
        args = parser([words[0]] if words and words[0] in known else known, lang).parse_args(words)
        return cast("int", args.run(args))
    except SekishoError as error:
        return complain(Text(error.en, error.ja), lang)
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return complain(Text(f"{where}{error.strerror}.", f"{where}{error.strerror}（読み書きできません）。"), lang)
    except UnicodeEncodeError:
        return complain(
            Text(
                "The name of a file or folder is no UTF-8. Rename it.",
                "ファイルまたはフォルダーの名前が UTF-8 ではありません。名前を変更してください。",
            ),
            lang,
        )
    except KeyboardInterrupt:
        complain(Text("Stopped. `--resume` goes on where it was.", "中断しました。`--resume` で続きから再開できます。"), lang)
        return INTERRUPTED


def complain(message: Text, lang: str) -> int:
    """Print ``message`` on standard error and give back the exit code for wrong use."""
    print(inert(f"sekisho: {message.lang(lang)}"), file=sys.stderr)
    return WRONG
