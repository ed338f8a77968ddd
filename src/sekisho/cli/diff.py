"""``sekisho diff``: what consent or law changed between two runs."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sekisho.cli import CLEAN, FINDINGS
from sekisho.model import NOT_ADVICE, VERDICT_TEXT, Text, Verdict

HELP = Text("say what changed between two runs, and what did it", "二つの実行の違いと、その原因を示す")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``diff`` takes."""
    lang = parser.get_default("lang")
    for name, help_text in (
        ("before", Text("folder of the earlier run", "前の実行")),
        ("after", Text("folder of the later run", "後の実行")),
    ):
        parser.add_argument(name, metavar=name.upper(), type=Path, help=help_text.lang(lang))
    parser.add_argument("--json", action="store_true", help=Text("answer as one JSON object", "JSON で出力").lang(lang))


def run(args: argparse.Namespace) -> int:
    """Compare, print, and say whether anything moved."""
    from sekisho.desks.diff import diff  # noqa: PLC0415 - heavy

    found = diff(args.before, args.after)
    if args.json:
        print(json.dumps(found.as_json() | {"notice": NOT_ADVICE.en}, ensure_ascii=False))
    else:
        causes = ", ".join(found.causes) or "-"
        print(
            Text(f"{found.same} rows as before. What was not the same: {causes}.", f"変化なし {found.same} 行。異なるもの：{causes}").lang(
                args.lang
            )
        )
        for move in found.moves:
            (was, old), (now, new) = move.before, move.after
            words = [VERDICT_TEXT[Verdict(each)].lang(args.lang) for each in (was, now)]
            more = Text(f"e.g. {', '.join(move.examples)}", f"例：{'、'.join(move.examples)}").lang(args.lang)
            print(f"  {move.rows}  {words[0]} ({old}) → {words[1]} ({new})  {more}")
        if found.gone or found.new:
            print(
                Text(f"Gone: {found.gone} rows. New: {found.new} rows.", f"なくなった行 {found.gone}、新しい行 {found.new}").lang(args.lang)
            )
        print(NOT_ADVICE.lang(args.lang))
    return FINDINGS if found.moves or found.gone or found.new else CLEAN
