"""``sekisho law``: asks the law pack, shows it, compares it on two days, and checks it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sekisho.cli import CLEAN, FINDINGS
from sekisho.errors import UsageError
from sekisho.model import NOT_ADVICE, Text

if TYPE_CHECKING:
    from sekisho.law.packs import Pack
    from sekisho.law.questions import Question

Add = Callable[..., None]
"""Adds one argument: its name, what it means, and argparse's own options."""

HELP = Text("ask, show, compare and check the law pack", "法令パックへの照会・表示・比較・検査")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the four verbs and what each takes."""
    lang = parser.get_default("lang")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, (about, options, do) in VERBS.items():
        verb = verbs.add_parser(name, help=about.lang(lang), description=about.lang(lang), epilog=NOT_ADVICE.lang(lang))
        verb.set_defaults(do=do)
        add = _adder(verb, lang)
        options(add)
        add("--pack", Text("folder of own law files beside ours", "併用する独自の法令ファイルのフォルダー"), type=Path, metavar="FOLDER")
        add("--json", Text("answer as JSON, one object a line", "JSON で出力（1行1オブジェクト）"), action="store_true")
        add("--lang", Text("language of the answer", "回答の言語"), choices=("en", "ja"), default=argparse.SUPPRESS)


def _adder(parser: argparse.ArgumentParser, lang: str) -> Add:
    def add(name: str, words: Text, **more: Any) -> None:
        parser.add_argument(name, help=words.lang(lang), **more)

    return add


def _ask_options(add: Add) -> None:
    add("--jurisdiction", Text("where; several with commas", "法域（複数はコンマ区切り）"), metavar="JP[,EU]")
    add("--on", Text("day of use", "利用日"), metavar="DATE")
    add("--stage", Text("training, or output", "学習段階か生成・利用段階か"), metavar="ingest|output")
    known = Text("something known; nothing else is assumed", "既知の事実（他は仮定しない）")
    add("--fact", known, metavar="K=V", action="append", default=[])
    add("--batch", Text("questions in JSON, one a line; - is standard input", "1行1問の JSON（- は標準入力）"), metavar="FILE.jsonl")


def _show_options(add: Add) -> None:
    nothing = argparse.SUPPRESS  # whichever of the two is not given must not wipe out the other
    add("place", Text("code such as JP", "法域コード（例：JP）"), metavar="JURISDICTION", nargs="?", default=nothing)
    add("--jurisdiction", Text("the same, as an option", "同上（オプション形式）"), metavar="JP", dest="place", default=nothing)
    add("--on", Text("day (default today)", "指定日（既定は今日）"), metavar="DATE", default=_today().isoformat())


def _diff_options(add: Add) -> None:
    add("before", Text("earlier day", "前の日"), metavar="DATE1")
    add("on", Text("later day", "後の日"), metavar="DATE2")
    add("--jurisdiction", Text("only there (default everywhere)", "法域を限定（既定は全法域）"), metavar="JP")


def _check_options(add: Add) -> None:
    add("--cases", Text("folder of cases", "事例のフォルダー"), type=Path, metavar="FOLDER")


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    do: Callable[[argparse.Namespace], int] = args.do
    return do(args)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the user's own day


def _pack(args: argparse.Namespace) -> Pack:
    from sekisho.law import pack  # noqa: PLC0415 - heavy

    return pack(args.pack)


def _ask(args: argparse.Namespace) -> int:
    from sekisho.law.answers import answers  # noqa: PLC0415 - heavy
    from sekisho.law.telling import told  # noqa: PLC0415 - heavy

    pack = _pack(args)
    if args.batch:
        return _batch(pack, args)
    for place, question in enumerate(_questions(pack, args)):
        [answer] = answers(pack, *question.place, [question.claim])
        if args.json:
            _print_json(answer.record(args.lang))
        else:
            print("\n" * bool(place) + "\n".join(line.lang(args.lang) for line in told(answer)))
    return CLEAN


def _questions(pack: Pack, args: argparse.Namespace) -> list[Question]:
    """One question for each jurisdiction named; raises UsageError before the first answer is given."""
    from sekisho.law.questions import facts_of, question  # noqa: PLC0415 - heavy

    missing = [f"--{name}" for name in ("jurisdiction", "on", "stage") if not getattr(args, name)]
    if missing:
        raise UsageError(f"law ask needs {', '.join(missing)}", f"law ask には {'、'.join(missing)} が必要です")
    facts = facts_of(_pair(text) for text in args.fact)
    record = {"on": args.on, "stage": args.stage, "facts": facts}
    return [question(pack, {"jurisdiction": code.strip(), **record}) for code in args.jurisdiction.split(",")]


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--fact takes name=value, not {text!r}", f"--fact は 名前=値 の形で指定してください（{text!r}）")
    return name.strip(), value.strip()


def _batch(pack: Pack, args: argparse.Namespace) -> int:
    from sekisho.law.batch import answered, lines  # noqa: PLC0415 - heavy

    if args.fact or any((args.jurisdiction, args.on, args.stage)):
        raise UsageError(
            "with --batch every line says where, when and what", "--batch では各行に法域・日付・事実を記します。他の指定はできません"
        )
    errors = 0
    with sys.stdin.buffer if args.batch == "-" else Path(args.batch).open("rb") as stream:
        for record in answered(pack, lines(stream), args.lang):
            errors += "error" in record
            _print_json(record)
    return FINDINGS if errors else CLEAN


def _show(args: argparse.Namespace) -> int:
    from sekisho.law.page import page, records  # noqa: PLC0415 - heavy
    from sekisho.law.questions import day  # noqa: PLC0415 - heavy

    pack, place, on = _pack(args), getattr(args, "place", ""), day(args.on)
    if args.json:
        for record in records(pack, place, args.lang, on):
            _print_json(record)
    else:
        print(page(pack, place, args.lang, on), end="")
    return CLEAN


def _diff(args: argparse.Namespace) -> int:
    from sekisho.law.history import steps  # noqa: PLC0415 - heavy
    from sekisho.law.questions import day  # noqa: PLC0415 - heavy

    found = list(steps(_pack(args), day(args.before), day(args.on), args.jurisdiction))
    for step in found:
        if args.json:
            _print_json(step.record(args.lang))
        else:
            print("\n".join(line.lang(args.lang) for line in step.told))
    if not found and not args.json:
        print(Text("Nothing changed.", "変更はありません。").lang(args.lang))
    return CLEAN


def _check(args: argparse.Namespace) -> int:
    from sekisho.law.checks import findings  # noqa: PLC0415 - heavy
    from sekisho.law.scenarios import own_folder, read  # noqa: PLC0415 - heavy

    folder = args.cases or own_folder()
    if folder is None or not folder.is_dir():
        raise UsageError("there is no folder of cases; name it with --cases", "事例のフォルダーがありません。--cases で指定してください")
    pack, cases = _pack(args), read(folder)
    found = findings(pack, cases, _today())
    for finding in (text.lang(args.lang) for text in found):
        if args.json:
            _print_json({"finding": finding})
        else:
            print(finding)
    if not args.json:
        rules = sum(len(file.rules) for file in pack.files.values())
        total = Text(f"{rules} rules, {len(cases)} cases, {len(found)} findings.", f"規定 {rules}、事例 {len(cases)}、指摘 {len(found)}。")
        print(total.lang(args.lang))
    return FINDINGS if found else CLEAN


def _print_json(record: dict[str, object]) -> None:
    print(json.dumps(record, ensure_ascii=False))


VERBS: dict[str, tuple[Text, Callable[[Add], None], Callable[[argparse.Namespace], int]]] = {
    "ask": (Text("one question to the law, or one a line with --batch", "法令への照会（--batch で一括）"), _ask_options, _ask),
    "show": (Text("a readable page on one jurisdiction on one day", "ある法域・ある日の規定を読みやすく表示"), _show_options, _show),
    "diff": (
        Text("which rules began or ended between two days, and what did it", "二つの日の間に変わった規定とその契機"),
        _diff_options,
        _diff,
    ),
    "check": (
        Text("whether the pack is consistent, exercised by cases, freshly checked", "法令パックの整合性・事例・確認日を検査"),
        _check_options,
        _check,
    ),
}
"""Each verb: what it does in words, its options, its doing."""
