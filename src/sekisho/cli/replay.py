"""``sekisho replay``: decide a run again from its recorded evidence and compare."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from sekisho.cli import CLEAN, FINDINGS
from sekisho.model import NOT_ADVICE, Text

HELP = Text("decide a run again from its recorded evidence and compare", "記録された証拠から判定し直して照合する")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``replay`` takes."""
    lang = parser.get_default("lang")
    parser.add_argument("out", metavar="OUT", type=Path, help=Text("folder of a run", "実行結果のフォルダー").lang(lang))
    parser.add_argument("--json", action="store_true", help=Text("answer as one JSON object", "JSON で出力").lang(lang))


def run(args: argparse.Namespace) -> int:
    """Replay, print, and say whether everything agrees."""
    from sekisho.desks.replay import replay  # noqa: PLC0415 - heavy

    found = replay(args.out)
    if args.json:
        print(json.dumps(asdict(found) | {"agrees": found.agrees, "notice": NOT_ADVICE.en}, ensure_ascii=False))
        return CLEAN if found.agrees else FINDINGS
    law = (
        Text("the same law pack", "同じ法令パック")
        if found.same_law
        else Text("another law pack than the run's", "実行時とは異なる法令パック")
    )
    print(Text(f"{found.cases} cases decided again, {law.en}.", f"{found.cases} 事案を判定し直しました（{law.ja}）。").lang(args.lang))
    for case, was, now, rows in found.differs:
        print(
            Text(f"  case {case}, {rows} rows: recorded {was}, now {now}", f"  事案 {case}（{rows} 行）：記録 {was}、今回 {now}").lang(
                args.lang
            )
        )
    for path in found.broken:
        print(Text(f"  not whole, or of another run: {path}", f"  欠けているか別の実行のもの：{path}").lang(args.lang))
    if found.agrees:
        print(Text("Every answer comes out as recorded.", "すべての判定が記録と一致しました。").lang(args.lang))
    print(NOT_ADVICE.lang(args.lang))
    return CLEAN if found.agrees else FINDINGS
