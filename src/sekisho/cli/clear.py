"""``sekisho clear``: judge every row of a data set, in each country, on a date."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sekisho.cli import CLEAN, FINDINGS
from sekisho.cli._terminal import print_table
from sekisho.errors import UsageError
from sekisho.model import NOT_ADVICE, VERDICT_TEXT, Policy, Text, Verdict

if TYPE_CHECKING:
    from sekisho.desks.clear import Cleared
    from sekisho.plan import Options
    from sekisho.settings import Choices

HELP = Text("judge every row of a data set: allow, licence, deny or unknown", "データセットの各行を判定：可・要許諾・不可・不明")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``clear`` takes."""
    lang = parser.get_default("lang")

    def words(en: str, ja: str) -> str:
        return Text(en, ja).lang(lang)

    parser.add_argument(
        "inputs", nargs="+", metavar="IN", type=Path, help=words("data set: file or folder", "データセット（ファイルまたはフォルダー）")
    )
    parser.add_argument("out", metavar="OUT", type=Path, help=words("folder for the run", "結果を書き込むフォルダー"))
    question(parser, lang)
    parser.add_argument("--url-column", metavar="NAME", help=words("column that holds the URLs", "URL の列名"))
    parser.add_argument(
        "--engine",
        default="local",
        metavar="local|ray[=ADDRESS]",
        help=words("who works: this machine or Ray", "実行方式（このマシンか Ray）"),
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help=words("processes", "プロセス数"))
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help=words("write the keys or URLs of kept rows", "使用可の行のキーまたは URL を書き出す")
    )
    parser.add_argument("--removals", type=Path, metavar="FILE", help=words("write the ids of rows left out", "除外した行の ID を書き出す"))
    parser.add_argument("--resume", action="store_true", help=words("go on with a run that was stopped", "中断した実行を続ける"))
    parser.add_argument("--json", action="store_true", help=words("answer as one JSON object", "JSON で出力"))


def question(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the options that say what is asked of every row."""

    def words(en: str, ja: str) -> str:
        return Text(en, ja).lang(lang)

    add = parser.add_argument
    add(
        "--settings",
        type=Path,
        metavar="FILE",
        help=words("policy file (default ./sekisho.toml if there is one)", "設定ファイル（既定は ./sekisho.toml）"),
    )
    add("--jurisdiction", metavar="JP,EU", help=words("ISO codes and EU (default JP,EU,US)", "法域（既定 JP,EU,US）"))
    add("--on", metavar="DATE", help=words("day of use (default today)", "利用日（既定は今日）"))
    add(
        "--purpose",
        choices=("commercial", "research", "noncommercial"),
        help=words("what for (default commercial)", "利用目的（既定 commercial）"),
    )
    policies = [policy.value for policy in Policy]
    add("--policy", choices=policies, help=words("what you hold to beside the law (default signals)", "法のほかに従う方針（既定 signals）"))
    add(
        "--assume",
        choices=("public-web", "nothing"),
        help=words("what holds unless shown otherwise (default public-web)", "反証がない限りの前提（既定 public-web）"),
    )
    add("--observed", action="append", metavar="PATH", help=words("recorded observations (WARC, Parquet)", "観測記録（WARC・Parquet）"))
    add("--agent", action="append", metavar="TOKEN", help=words("ask exactly this crawler", "このクローラーについてのみ問う"))
    add("--fact", action="append", metavar="K=V", help=words("a fact that holds for every row", "全行に当てはまる事実"))
    add(
        "--facts",
        action="append",
        metavar="TABLE",
        help=words("facts by URL, host, digest or work", "URL・ホスト・ダイジェスト・著作物ごとの事実の表"),
    )
    add("--works", metavar="STORE", help=words("works store: recognise registered works", "著作物ストア：登録著作物を照合"))
    add("--pack", metavar="DIR", help=words("law files of your own, beside ours", "独自の法令ファイルのフォルダー"))
    add(
        "--hindsight",
        action="store_true",
        default=None,
        help=words("also hear what was observed after the day of use", "利用日より後の観測も考慮する"),
    )


def options_of(args: argparse.Namespace) -> tuple[Options, tuple[Text, ...]]:
    """The run's options, and warnings: the command line, else the policy file, else the defaults; raises UsageError."""
    from sekisho import settings  # noqa: PLC0415 - heavy

    path = args.settings or (Path(settings.FILE) if Path(settings.FILE).exists() else None)
    words = {
        "jurisdictions": args.jurisdiction,
        "on": args.on,
        "purpose": args.purpose,
        "policy": args.policy,
        "assume": args.assume,
        "agents": args.agent,
        "facts": dict(map(_pair, args.fact)) if args.fact else None,
        "url_column": args.url_column,
        "hindsight": args.hindsight,
        "observed": args.observed,
        "tables": args.facts,
        "pack": args.pack,
        "works": args.works,
    }
    given = {name: value for name, value in words.items() if value is not None}
    return settings.options(cast("Choices", {**(settings.read(path) if path else {}), **given}))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--fact takes name=value, not {text!r}.", f"--fact は 名前=値 の形で指定してください（{text!r}）。")
    return name.strip(), value.strip()


def run(args: argparse.Namespace) -> int:
    """Clear, then print what came out."""
    from sekisho import handover  # noqa: PLC0415 - heavy
    from sekisho.cli._meter import Meter  # noqa: PLC0415 - heavy
    from sekisho.desks.clear import clear, pool_of  # noqa: PLC0415 - heavy

    options, warnings = options_of(args)
    for warning in warnings:
        print(f"sekisho: {warning.lang(args.lang)}", file=sys.stderr)
    with Meter(args.lang, quiet=args.json) as meter:
        pool = pool_of(args.engine, args.workers)
        cleared = clear(args.inputs, args.out, options, pool=pool, resume=args.resume, progress=meter.tell)
    if args.keys:
        withheld = handover.keys(args.out, args.keys, options.url_column).withheld
        if withheld:
            told = Text(
                f"{withheld} kept rows are not in {args.keys}: their key also stands for a row left out, or holds a line break.",
                f"{args.keys} には、使用可の {withheld} 行を書き出していません。キーが除外行にも使われているか、改行を含みます。",
            )
            print(f"sekisho: {told.lang(args.lang)}", file=sys.stderr)
    if args.removals:
        handover.removals(args.out, args.removals)
    if args.json:
        print(json.dumps(summary(cleared), ensure_ascii=False))
    else:
        show(cleared, options, args.lang)
    return CLEAN if cleared.kept == cleared.rows and not cleared.problems else FINDINGS


def summary(cleared: Cleared) -> dict[str, object]:
    """The run as one JSON object."""
    return {
        "out": str(cleared.out),
        "rows": cleared.rows,
        "kept": cleared.kept,
        "left_out": cleared.rows - cleared.kept,
        "counts": cleared.counts,
        "problems": list(cleared.problems),
        "notice": NOT_ADVICE.en,
    }


def show(cleared: Cleared, options: Options, lang: str) -> None:
    """Print the counts by country and verdict, what decided, and where the rows are."""
    heads = ["", *(verdict.value + (f" {VERDICT_TEXT[verdict].ja}") for verdict in Verdict)]
    rows = [[code, *(str(cleared.counts.get(code, {}).get(v.value, 0)) for v in Verdict)] for code in options.jurisdictions]
    together = Text("everywhere", "すべて").lang(lang)
    rows.append([together, *(str(cleared.counts.get("verdict", {}).get(v.value, 0)) for v in Verdict)])
    print_table([heads, *rows])
    print()
    kept = Text(
        f"{cleared.rows} rows: {cleared.kept} kept in {cleared.out}/kept, {cleared.rows - cleared.kept} left out in {cleared.out}/left_out.",
        f"全 {cleared.rows} 行：使用可 {cleared.kept} 行（{cleared.out}/kept）、除外 {cleared.rows - cleared.kept} 行（{cleared.out}/left_out）。",
    )
    print(kept.lang(lang))
    decided = sorted(cleared.counts.get("reason", {}).items(), key=lambda pair: -pair[1])[:8]
    print(Text("Decided by: ", "決め手：").lang(lang) + ", ".join(f"{name} {count}" for name, count in decided))
    for problem in cleared.problems[:10]:
        print(Text(f"Could not be read: {problem}", f"読み取り不可：{problem}").lang(lang))
    ask = Text(f"Why a row? sekisho explain {cleared.out} ID", f"行ごとの理由：sekisho explain {cleared.out} ID")
    print(ask.lang(lang))
    print(NOT_ADVICE.lang(lang))
