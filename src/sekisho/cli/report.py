"""``sekisho report``: the documents of a finished run, counted from its rows."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sekisho.cli import CLEAN
from sekisho.errors import InputError
from sekisho.model import Text

HELP = Text("make a document of a finished run", "完了した実行の報告書を作成")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``report`` takes."""
    lang = parser.get_default("lang")
    parser.add_argument("out", metavar="OUT", type=Path, help=Text("folder of a run", "実行結果のフォルダー").lang(lang))
    kinds = Text(
        "html: one page with totals, reasons and cases that opens offline",
        "html：集計・理由・事案を一つにまとめた、オフラインで開けるページ",
    )
    parser.add_argument("kind", metavar="KIND", help=kinds.lang(lang))
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True, help=Text("where to write it", "書き込むファイル").lang(lang)
    )
    parser.add_argument("--json", action="store_true", help=Text("answer as one JSON object", "JSON で出力").lang(lang))


def run(args: argparse.Namespace) -> int:
    """Make the document and say where it is."""
    from sekisho.desks.clear import write_text  # noqa: PLC0415 - heavy
    from sekisho.desks.report import report  # noqa: PLC0415 - heavy

    made = report(args.out, args.kind)
    try:
        write_text(args.output, made)
    except OSError as error:
        raise InputError(
            f"{args.output} cannot be written: {error.strerror}.", f"{args.output} に書き込めません：{error.strerror}。"
        ) from error
    if args.json:
        print(json.dumps({"kind": args.kind, "file": str(args.output), "bytes": args.output.stat().st_size}, ensure_ascii=False))
    else:
        print(Text(f"Wrote {args.output}.", f"{args.output} に書き込みました。").lang(args.lang))
    return CLEAN
