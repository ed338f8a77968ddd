"""``sekisho watch``: look again at sites on record, and say what changed."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.cli import CLEAN, FINDINGS
from sekisho.cli.observe import manners, manners_of, sentence, summary, teller, whom
from sekisho.model import Text

if TYPE_CHECKING:
    from sekisho.desks.watch import Change, Watched

HELP = Text(
    "look again at sites and say what changed: a no that appeared, a licence that is gone",
    "サイトを再び観測し、変化（新たな拒否、消えた許諾）を知らせる",
)
SCHEDULES = {"hourly": "{minute} * * * *", "daily": "{minute} 4 * * *", "weekly": "{minute} 4 * * 1"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``watch`` takes."""
    lang = parser.get_default("lang")

    def words(en: str, ja: str) -> str:
        return Text(en, ja).lang(lang)

    whom(parser, lang)
    kept = words("WARC file that keeps every look", "観測をすべて残す WARC")
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="FILE.warc.gz", help=kept)
    every = words("schedule of the cron line that is printed (default daily)", "表示する cron 行の間隔（既定 daily）")
    parser.add_argument("--every", choices=tuple(SCHEDULES), default="daily", help=every)
    manners(parser, lang)
    parser.add_argument("--json", action="store_true", help=words("answer as one JSON object", "JSON で出力"))


def run(args: argparse.Namespace) -> int:
    """Look again, then print what changed."""
    given = manners_of(args)
    from sekisho.desks.watch import watch  # noqa: PLC0415 - heavy
    from sekisho.observe.targets import sites  # noqa: PLC0415 - heavy

    watched = watch(sites(args.sites), args.out, given, told=None if args.json else teller(args.lang))
    if args.json:
        print(json.dumps(_object(watched, args), ensure_ascii=False))
    else:
        print("\n".join(_told(watched, args)))
    return FINDINGS if watched.changes else CLEAN


def _object(watched: Watched, args: argparse.Namespace) -> dict[str, object]:
    changes = [_change(one, args.lang) for one in watched.changes]
    return summary(watched.progress, args.out) | {"first": watched.first, "changes": changes, "cron": cron(args.every, args.out)}


def _change(change: Change, lang: str) -> dict[str, object]:
    said = [{"axis": s.axis, "value": s.value, "scope": s.scope, "addressee": s.addressee} for s in change.said]
    seen = {"before": change.before.isoformat(), "after": change.after.isoformat()}
    fields = {"url": change.url, "kind": change.kind, "appeared": change.appeared, "protocol": change.protocol, "quote": change.quote}
    return {**fields, "said": said, "text": change.text.lang(lang)} | seen


def _told(watched: Watched, args: argparse.Namespace) -> list[str]:
    """The changes, what to do with them, and the line that repeats this."""
    lines = [change.text for change in watched.changes]
    if watched.first:
        lines.append(Text("A first look: there is nothing to compare with yet.", "最初の観測です。比較する記録はまだありません。"))
    elif not lines:
        lines.append(Text("Nothing changed.", "変化はありませんでした。"))
    if watched.changes:
        lines.append(
            Text(
                f"What this means for a data set: sekisho clear DATA NEW_OUT --observed {args.out}, then sekisho diff OLD_OUT NEW_OUT",
                f"データセットへの影響：sekisho clear DATA NEW_OUT --observed {args.out} の後、sekisho diff OLD_OUT NEW_OUT",
            )
        )
    lines += [
        sentence(watched.progress, args.out),
        Text(f"For cron: {cron(args.every, args.out)}", f"cron 用：{cron(args.every, args.out)}"),
    ]
    return [line.lang(args.lang) for line in lines]


def cron(every: str, out: Path) -> str:
    """The line that repeats this command; its minute is one's own, so that not everybody asks at the full hour."""
    schedule = SCHEDULES[every].format(minute=zlib.crc32(str(out).encode()) % 60)
    return f"{schedule} cd {shlex.quote(str(Path.cwd()))} && {shlex.join(['sekisho', *sys.argv[1:]])}"
