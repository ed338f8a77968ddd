"""``sekisho selftest``: does this install read and judge as it should, by the vectors and cases that it carries."""

from __future__ import annotations

import argparse
import json

from sekisho.cli import CLEAN, FINDINGS
from sekisho.model import Text

HELP = Text("check that this install reads and judges as it should", "この環境が正しく読み、正しく判定するかを検査")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``selftest`` takes."""
    parser.add_argument(
        "--json", action="store_true", help=Text("answer as one JSON object", "JSON で出力").lang(parser.get_default("lang"))
    )


def run(args: argparse.Namespace) -> int:
    """Run the vectors of every reader and the cases of the law, and say what came out otherwise."""
    from sekisho import law, selftest  # noqa: PLC0415 - heavy
    from sekisho.kernels import library  # noqa: PLC0415 - heavy
    from sekisho.law import scenarios  # noqa: PLC0415 - heavy

    library()
    read = [vector for path in selftest.files() for vector in selftest.vectors(path)]
    wrong = [f"{vector.part}: {vector.name}: {'; '.join(found)}" for vector in read if (found := selftest.differences(vector))]
    folder = scenarios.own_folder()
    trials = scenarios.trials(law.pack(), scenarios.read(folder) if folder else ())
    wrong += [f"law: {trial.case.id} {trial.expectation}: {trial.result}" for trial in trials if not trial.holds]
    if args.json:
        print(json.dumps({"vectors": len(read), "cases": len(trials), "wrong": wrong}, ensure_ascii=False))
        return FINDINGS if wrong else CLEAN
    for line in wrong:
        print(line)
    print(
        Text(
            f"{len(read)} vectors of {len(selftest.files())} protocols and {len(trials)} cases of law: {len(wrong)} came out otherwise.",
            f"{len(selftest.files())} 規格の検査データ {len(read)} 件と法の事例 {len(trials)} 件：不一致 {len(wrong)} 件。",
        ).lang(args.lang)
    )
    return FINDINGS if wrong else CLEAN
