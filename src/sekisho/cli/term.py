"""``sekisho term``: until when is it protected (保護期間), in each country asked."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sekisho.cli import CLEAN, FINDINGS
from sekisho.errors import UsageError
from sekisho.model import Text

HELP = Text("until when a work is protected, country by country", "著作物がいつまで保護されるかを国ごとに回答（保護期間）")
STATUS = {
    "public-domain": Text("public domain", "パブリックドメイン"),
    "protected": Text("protected", "保護期間中"),
    "unknown": Text("unknown", "不明"),
}
CONFIDENCE = {"high": Text("high", "高"), "medium": Text("medium", "中"), "low": Text("low", "低")}
ABOUT_THE_WORK = ("died", "born", "published", "created", "origin", "kind", "anonymous", "corporate", "rehabilitated", "facts")
Record = dict[str, object]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``term`` takes."""
    lang = parser.get_default("lang")

    def add(name: str, en: str, ja: str, **more: Any) -> None:
        parser.add_argument(name, help=Text(en, ja).lang(lang), **more)

    add("--country", "where; several with commas", "対象国（複数はコンマ区切り）", metavar="JP[,EU,US]")
    add("--died", "death of a contributor; once for each, empty if not known", "著作者の没年（1人につき1回。不明なら空）", **MANY)
    add("--born", "birth, in the same order", "生年（--died と同じ順）", **MANY)
    add("--published", "first publication; 1943-48 for a serial", "最初の公表（連載は 1943-48 の形）", metavar="DATE")
    add("--created", "making", "創作", metavar="DATE")
    add("--origin", "country of origin", "本国", metavar="CODE")
    add("--kind", "as text, film, photograph, music, sound, government", "種別（text、film、photograph、music、sound、government など）")
    add("--anonymous", "anonymous or pseudonymous", "無名または変名", action="store_true")
    add("--corporate", "in the name of a body, or made for hire", "団体名義または職務著作", action="store_true")
    add("--rehabilitated", "rehabilitation after death (Russia)", "死後の名誉回復（ロシア）", metavar="DATE")
    add(
        "--fact",
        "as unpublished or not-renewed",
        "その他の事実（unpublished、not-renewed など）",
        action="append",
        dest="facts",
        metavar="WORD",
    )
    add("--on", "day asked about (default today)", "基準日（既定は今日）", metavar="DATE", default=date.today().isoformat())  # noqa: DTZ011 - the user's own day
    add("--batch", "works in JSON, one a line; - is standard input", "1行1件の JSON（- は標準入力）", metavar="FILE.jsonl")
    add("--json", "answer as JSON, one object a line", "JSON で出力（1行1オブジェクト）", action="store_true")


MANY: dict[str, Any] = {"action": "append", "metavar": "DATE"}


def run(args: argparse.Namespace) -> int:
    """Answer; 1 when a line of a batch could not be answered."""
    return _batch(args) if args.batch else _ask(args)


def _ask(args: argparse.Namespace) -> int:
    from sekisho.law.questions import day  # noqa: PLC0415 - heavy
    from sekisho.protection import answer  # noqa: PLC0415 - heavy

    if not args.country:
        raise UsageError("which country? give --country JP, or several as JP,EU,US", "--country で国を指定してください（例：JP、JP,EU,US）")
    work: Record = {key: getattr(args, key) for key in ABOUT_THE_WORK}
    records = [answer({**work, "country": country}, day(args.on), args.lang) for country in args.country.split(",")]
    for record in records:
        print(json.dumps(record, ensure_ascii=False) if args.json else "\n".join(_page(record, args.lang)))
    return CLEAN


def _batch(args: argparse.Namespace) -> int:
    from sekisho.law.batch import lines  # noqa: PLC0415 - heavy
    from sekisho.law.questions import day  # noqa: PLC0415 - heavy
    from sekisho.protection import answered  # noqa: PLC0415 - heavy

    errors = 0
    with sys.stdin.buffer if args.batch == "-" else Path(args.batch).open("rb") as stream:
        for record in answered(lines(stream), {"country": args.country}, day(args.on), args.lang):
            errors += "error" in record
            print(json.dumps(record, ensure_ascii=False))
    return FINDINGS if errors else CLEAN


def _page(record: Record, lang: str) -> Iterable[str]:
    """An answer for people."""
    status, confidence = STATUS[str(record["status"])].lang(lang), CONFIDENCE[str(record["confidence"])].lang(lang)
    yield Text(
        f"{record['country']}, {record['on']}: {status}; confidence {confidence}.",
        f"{record['country']}（{record['on']}現在）：{status}。確度は{confidence}。",
    ).lang(lang)
    for key, opening in (("basis", Text("", "")), ("assumed", Text("Assumed: ", "前提：")), ("notes", Text("Note: ", "注："))):
        sentences = record[key]
        yield from (f"  {opening.lang(lang)}{sentence}" for sentence in sentences) if isinstance(sentences, list) else ()
    yield f"  {record['notice']}"
