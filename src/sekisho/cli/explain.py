"""``sekisho explain``: why a row of a run got its answer, in sentences."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sekisho.cli import CLEAN
from sekisho.model import Text

HELP = Text("say why a row was allowed or refused, with citation and evidence", "行の判定理由を、根拠条文と証拠を添えて説明")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``explain`` takes."""
    lang = parser.get_default("lang")
    parser.add_argument("out", metavar="OUT", type=Path, help=Text("folder of a run", "実行結果のフォルダー").lang(lang))
    parser.add_argument(
        "item", metavar="ITEM", help=Text("sekisho_id (0:17) or the row's URL", "sekisho_id（0:17）または行の URL").lang(lang)
    )
    parser.add_argument("--json", action="store_true", help=Text("answer as one JSON object", "JSON で出力").lang(lang))


def run(args: argparse.Namespace) -> int:
    """Explain one row."""
    from sekisho.desks.explain import explain, sentences  # noqa: PLC0415 - heavy

    found = explain(args.out, args.item)
    if args.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, default=str))
    else:
        print("\n".join(sentences(found, args.lang)))
    return CLEAN
