"""``sekisho law``: asks the law pack, shows it, compares it on two days, and checks it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sekisho.cli import CLEAN, FINDINGS
from sekisho.errors import UsageError
from sekisho.model import NOT_ADVICE, Text

if TYPE_CHECKING:
    from sekisho.law.packs import Pack
    from sekisho.law.questions import Question

HELP = Text("ask, show, compare and check the law pack", "法令パックへの照会・表示・比較・検査")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the four verbs and what each takes."""
    lang = parser.get_default("lang")
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def verb(name: str, run: Callable[[argparse.Namespace], int], en: str, ja: str) -> argparse.ArgumentParser:
        words = Text(en, ja).lang(lang)
        part: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words, epilog=NOT_ADVICE.lang(lang))
        part.set_defaults(do=run)
        _add(part, lang, "--lang", "language of the answer", "回答の言語", choices=("en", "ja"), default=argparse.SUPPRESS)
        _add(part, lang, "--json", "answer as JSON, one object a line", "JSON で出力（1行1オブジェクト）", action="store_true")
        _add(
            part,
            lang,
            "--pack",
            "folder of own law files beside ours",
            "併用する独自の法令ファイルのフォルダー",
            type=Path,
            metavar="FOLDER",
        )
        return part

    ask = verb("ask", _ask, "one question to the law, or one a line with --batch", "法令への照会（--batch で一括）")
    _add(ask, lang, "--jurisdiction", "where; several with commas", "法域（複数はコンマ区切り）", metavar="JP[,EU]")
    _add(ask, lang, "--on", "day of use", "利用日", metavar="DATE")
    _add(ask, lang, "--stage", "training, or output", "学習段階か生成・利用段階か", metavar="ingest|output")
    _add(
        ask,
        lang,
        "--fact",
        "something known; nothing else is assumed",
        "既知の事実（他は仮定しない）",
        metavar="K=V",
        action="append",
        default=[],
    )
    _add(ask, lang, "--batch", "questions in JSON, one a line; - is standard input", "1行1問の JSON（- は標準入力）", metavar="FILE.jsonl")

    show = verb("show", _show, "a readable page on one jurisdiction on one day", "ある法域・ある日の規定を読みやすく表示")
    _add(show, lang, "jurisdiction", "code such as JP", "法域コード（例：JP）", metavar="JURISDICTION")
    _add(show, lang, "--on", "day (default today)", "指定日（既定は今日）", metavar="DATE", default=date.today().isoformat())  # noqa: DTZ011 - the user's own day

    diff = verb("diff", _diff, "which rules began or ended between two days, and what did it", "二つの日の間に変わった規定とその契機")
    _add(diff, lang, "before", "earlier day", "前の日", metavar="DATE1")
    _add(diff, lang, "on", "later day", "後の日", metavar="DATE2")
    _add(diff, lang, "--jurisdiction", "only there (default everywhere)", "法域を限定（既定は全法域）", metavar="JP")

    check = verb(
        "check", _check, "whether the pack is consistent, exercised by cases, freshly checked", "法令パックの整合性・事例・確認日を検査"
    )
    _add(check, lang, "--cases", "folder of cases", "事例のフォルダー", type=Path, metavar="FOLDER")


def _add(parser: argparse.ArgumentParser, lang: str, name: str, en: str, ja: str, **more: Any) -> None:
    parser.add_argument(name, help=Text(en, ja).lang(lang), **more)


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    do: Callable[[argparse.Namespace], int] = args.do
    return do(args)


def _pack(args: argparse.Namespace) -> Pack:
    from sekisho.law import pack  # noqa: PLC0415 - heavy

    return pack(args.pack)


def _ask(args: argparse.Namespace) -> int:
    from sekisho.law.answers import answers  # noqa: PLC0415 - heavy
    from sekisho.law.telling import told  # noqa: PLC0415 - heavy

    pack = _pack(args)
    if args.batch:
        return _batch(pack, args)
    for place, question in enumerate(list(_questions(pack, args))):
        [answer] = answers(pack, *question.place, [question.claim])
        if args.json:
            _print_json(answer.record(args.lang))
        else:
            print("\n" * bool(place) + "\n".join(line.lang(args.lang) for line in told(answer)))
    return CLEAN


def _questions(pack: Pack, args: argparse.Namespace) -> Iterable[Question]:
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

    errors = 0
    with sys.stdin.buffer if args.batch == "-" else Path(args.batch).open("rb") as stream:
        for record in answered(pack, lines(stream), args.lang):
            errors += "error" in record
            _print_json(record)
    return FINDINGS if errors else CLEAN


def _show(args: argparse.Namespace) -> int:
    from sekisho.law.page import page, records  # noqa: PLC0415 - heavy
    from sekisho.law.questions import day  # noqa: PLC0415 - heavy

    pack, on = _pack(args), day(args.on)
    if args.json:
        for record in records(pack, args.jurisdiction, args.lang, on):
            _print_json(record)
    else:
        print(page(pack, args.jurisdiction, args.lang, on), end="")
    return CLEAN


def _diff(args: argparse.Namespace) -> int:
    from sekisho.law.history import steps  # noqa: PLC0415 - heavy
    from sekisho.law.questions import day  # noqa: PLC0415 - heavy

    for step in steps(_pack(args), day(args.before), day(args.on), args.jurisdiction):
        if args.json:
            _print_json(step.record(args.lang))
        else:
            print("\n".join(line.lang(args.lang) for line in step.told))
    return CLEAN


def _check(args: argparse.Namespace) -> int:
    from sekisho.law.checks import findings  # noqa: PLC0415 - heavy
    from sekisho.law.scenarios import own_folder, read  # noqa: PLC0415 - heavy

    folder = args.cases or own_folder()
    if folder is None or not folder.is_dir():
        raise UsageError("there is no folder of cases; name it with --cases", "事例のフォルダーがありません。--cases で指定してください")
    pack, cases = _pack(args), read(folder)
    found = findings(pack, cases, date.today())  # noqa: DTZ011 - the user's own day
    for finding in (text.lang(args.lang) for text in found):
        if args.json:
            _print_json({"finding": finding})
        else:
            print(finding)
    if not args.json:
        rules = sum(len(file.rules) for file in pack.files.values())
        print(
            Text(
                f"{rules} rules, {len(cases)} cases, {len(found)} findings.", f"規定 {rules}、事例 {len(cases)}、指摘 {len(found)}。"
            ).lang(args.lang)
        )
    return FINDINGS if found else CLEAN


def _print_json(record: dict[str, object]) -> None:
    print(json.dumps(record, ensure_ascii=False))
