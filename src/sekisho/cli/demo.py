"""``sekisho demo``: clear real addresses under real robots rules out of published packages, and show what law and time do to the answer."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.cli import CLEAN
from sekisho.cli._terminal import print_table
from sekisho.model import NOT_ADVICE, VERDICT_TEXT, Outcome, Text, Verdict

if TYPE_CHECKING:
    from sekisho.demo import Gathered, Move, Run

HELP = Text("see it work on real data in a minute", "実際のデータで1分ほどの実演")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``demo`` takes."""
    lang = parser.get_default("lang")
    where = Text("folder to work in (default %(default)s)", "作業フォルダー（既定 %(default)s）")
    parser.add_argument("folder", nargs="?", default=Path("demo"), metavar="DIR", type=Path, help=where.lang(lang))
    parser.add_argument("--json", action="store_true", help=Text("answer as one JSON object", "JSON で出力").lang(lang))


def run(args: argparse.Namespace) -> int:
    """Bring the packages, clear, and show."""
    from sekisho import demo  # noqa: PLC0415 - heavy

    say = _silent if args.json else print
    say(
        Text(
            f"Bringing the demo's packages into {args.folder}/packages (16 MB, once) ...",
            f"デモ用パッケージを {args.folder}/packages に取得しています（16 MB、初回のみ）……",
        ).lang(args.lang)
    )
    made = demo.gathered(args.folder)
    today = demo.clear_on(made, args.folder, date.today())  # noqa: DTZ011 - the user's own day
    if not args.json:
        _show_today(made, today, args.lang)
    early, late = (demo.clear_on(made, args.folder, on) for on in demo.DAYS)
    hindsight = demo.clear_on(made, args.folder, late.options.on, hindsight=True)
    runs = [early, late, hindsight, today]
    if args.json:
        print(json.dumps(_summary(made, runs), ensure_ascii=False))
    else:
        _show_days(runs, args.lang)
    return CLEAN


def _silent(_: str) -> None:
    """Say nothing: a program is reading."""


def _summary(made: Gathered, runs: list[Run]) -> dict[str, object]:
    cleared = [
        {
            "on": run.options.on.isoformat(),
            "hindsight": run.options.hindsight,
            "out": str(run.cleared.out),
            "rows": run.cleared.rows,
            "counts": run.cleared.counts,
        }
        for run in runs
    ]
    return {"inputs": dict(made.taken), "observations": dict(made.observations), "runs": cleared, "notice": NOT_ADVICE.en}


def _show_today(made: Gathered, today: Run, lang: str) -> None:
    """What goes in, the counts as of today, and three rows explained."""
    from sekisho import demo  # noqa: PLC0415 - heavy
    from sekisho.cli.clear import show  # noqa: PLC0415 - heavy
    from sekisho.desks.explain import explain, sentences  # noqa: PLC0415 - heavy

    print(_ingredients(made).lang(lang))
    _head(Text(f"As of today, {today.options.on}", f"本日（{today.options.on}）時点"), lang)
    show(today.cleared, today.options, lang)
    _head(Text("Three rows: one allowed, one refused, one unknown", "3行の例：可・不可・不明"), lang)
    for identifier in demo.examples(today.cleared.out):
        print("\n".join(sentences(explain(today.cleared.out, identifier), lang)))
        print("-" * 72)


def _ingredients(made: Gathered) -> Text:
    taken, there, seen = (sum(table.values()) for table in (made.taken, made.there, made.observations))
    files = ", ".join(f"{name} {count}" for name, count in made.taken.items())
    return Text(
        f"{made.input}: {taken} of the {there} addresses in the packages: all whose sites answered something on record, all on\n"
        f"Japanese hosts, one in forty of the others ({files}).\n"
        f"{made.observed}: {seen} recorded observations of these sites. Nothing was fetched from them now.",
        f"{made.input}：パッケージ中の {there} 件のアドレスのうち {taken} 件。サイトの応答が記録されているものと日本のホストのものは全件、\n"
        f"その他は40件に1件を採っています（{files}）。\n"
        f"{made.observed}：これらのサイトの観測記録 {seen} 件。今回サイトへのアクセスは行っていません。",
    )


def _show_days(runs: list[Run], lang: str) -> None:
    """The same rows on four days, then what the law moved and what later observations moved, each by itself."""
    from sekisho.demo import moves  # noqa: PLC0415 - heavy

    early, late, hindsight, today = runs
    _head(Text("The same rows as of other days", "同じ行を別の日付で判定"), lang)
    countries = early.options.jurisdictions
    heads = ["", *(f"{code} {VERDICT_TEXT[verdict].lang(lang)}" for code in countries for verdict in Verdict)]
    print_table([heads, *([_name(run, lang), *_counts(run)] for run in runs)])
    _head(Text("What the law changed (same rows, same observations)", "法の変化（同じ行・同じ観測記録）"), lang)
    for before, after in ((early, late), (hindsight, today)):
        print(f"{_name(before, lang)} → {_name(after, lang)}")
        print("\n".join(_law_lines(moves(before, after), lang)))
    _head(Text("What --hindsight means (same rows, same law)", "--hindsight の意味（同じ行・同じ法）"), lang)
    print(
        Text(
            f"As of {late.options.on} nobody could know what was observed after that day, so it is ignored.\n"
            "--hindsight hears it all the same. That is a what-if, and marked as one. Here it would change:",
            f"{late.options.on} より後の観測は、その日には知り得なかったものとして考慮されません。\n"
            "--hindsight を付けるとそれも考慮します。仮定の計算であり、結果にその旨が記されます。ここでは次のように変わります：",
        ).lang(lang)
    )
    print("\n".join(_verdict_lines(moves(late, hindsight), lang)))
    print(NOT_ADVICE.lang(lang))


def _head(text: Text, lang: str) -> None:
    print(f"\n== {text.lang(lang)} ==")


def _name(run: Run, lang: str) -> str:
    return f"{run.options.on} {Text('with hindsight', '後知恵あり').lang(lang)}" if run.options.hindsight else f"{run.options.on}"


def _counts(run: Run) -> list[str]:
    counts = run.cleared.counts
    return [str(counts.get(code, {}).get(verdict.value, 0)) for code in run.options.jurisdictions for verdict in Verdict]


def _law_lines(moved: Counter[Move], lang: str) -> list[str]:
    """The moves from rule to rule with the later rule's authority, the most rows first."""
    from sekisho.law.wording import OUTCOME_TEXT  # noqa: PLC0415 - heavy

    lines = [
        Text(
            f"  {move.jurisdiction} {move.before.rule} → {move.after.rule}, {count} rows: "
            f"{OUTCOME_TEXT[Outcome(move.before.outcome)].en} → {OUTCOME_TEXT[Outcome(move.after.outcome)].en} [{move.cited[0]}]",
            f"  {move.jurisdiction} {move.before.rule} → {move.after.rule}（{count} 行）："
            f"{OUTCOME_TEXT[Outcome(move.before.outcome)].ja} → {OUTCOME_TEXT[Outcome(move.after.outcome)].ja}［{move.cited[1]}］",
        ).lang(lang)
        for move, count in _joined(moved).most_common()
    ]
    return lines or ["  " + Text("nothing", "変化なし").lang(lang)]


def _joined(moved: Counter[Move]) -> Counter[Move]:
    """The moves with the policy's verdict left out: what the law says is what is told."""
    joined: Counter[Move] = Counter()
    for move, count in moved.items():
        if move.before.rule != move.after.rule:
            joined[move._replace(before=move.before._replace(verdict=""), after=move.after._replace(verdict=""))] += count
    return joined


def _verdict_lines(moved: Counter[Move], lang: str) -> list[str]:
    """The moves from verdict to verdict."""
    verdicts = Counter[tuple[str, str, str]]()
    for move, count in moved.items():
        if move.before.verdict != move.after.verdict:
            verdicts[move.jurisdiction, move.before.verdict, move.after.verdict] += count
    lines = []
    for (code, then, now), count in sorted(verdicts.items()):
        before, after = VERDICT_TEXT[Verdict(then)], VERDICT_TEXT[Verdict(now)]
        lines.append(
            Text(f"  {code}: {before.en} → {after.en}, {count} rows", f"  {code}：{before.ja} → {after.ja}（{count} 行）").lang(lang)
        )
    return lines
