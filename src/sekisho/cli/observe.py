"""``sekisho observe``: fetch the rights signals of sites politely, and record them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.cli import CLEAN, FINDINGS
from sekisho.errors import MissingPartError, UsageError
from sekisho.model import Text

if TYPE_CHECKING:
    from sekisho.observe.crawl import Progress
    from sekisho.observe.manners import Manners

HELP = Text("fetch the rights signals of sites politely and record them", "サイトの権利表示を丁寧に取得して記録")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``observe`` takes."""
    lang = parser.get_default("lang")

    def words(en: str, ja: str) -> str:
        return Text(en, ja).lang(lang)

    whom(parser, lang)
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="FILE.warc.gz", help=words("WARC file to write", "書き出す WARC"))
    parser.add_argument("--resume", action="store_true", help=words("go on with a file that is there", "既存のファイルの続きを行う"))
    since = words("ask again for what was last seen before: 2026-11-01, 30d, 12h", "これより前に見たものを再取得（2026-11-01、30d、12h）")
    parser.add_argument("--since", type=moment, metavar="WHEN", help=since)
    manners(parser, lang)
    parser.add_argument("--json", action="store_true", help=words("answer as one JSON object", "JSON で出力"))


def whom(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the sites that are meant."""
    named = Text(
        "hosts, URLs, @lists, or data sets whose hosts are meant", "ホスト名、URL、@リスト、またはデータセット（そのホストが対象）"
    )
    parser.add_argument("sites", nargs="+", metavar="HOST_OR_URL", help=named.lang(lang))


def manners(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add how to behave on other people's machines."""

    def words(en: str, ja: str) -> str:
        return Text(en, ja).lang(lang)

    add = parser.add_argument
    add(
        "--contact",
        default="",
        metavar="ADDRESS",
        help=words("mail or page where you can be reached", "連絡先（メールまたはページの URL）"),
    )
    add("--pause", type=float, default=1.0, metavar="S", help=words("seconds a host rests (default 1)", "同一ホストへの間隔（秒、既定 1）"))
    add("--timeout", type=float, default=20.0, metavar="S", help=words("seconds for an answer (default 20)", "応答を待つ秒数（既定 20）"))
    add("--patience", type=float, default=60.0, metavar="S", help=words("longest Retry-After to keep", "従う Retry-After の上限（秒）"))
    add("--hosts-at-once", type=int, default=500, metavar="N", help=words("sites visited at once", "同時に訪れるサイト数"))
    private = words("also reach loopback and private networks", "ループバックと私設網への接続も許す")
    add("--allow-private", action="store_true", help=private)


def moment(text: str) -> datetime:
    """A day or moment in ISO form, or so long ago (``30d``, ``12h``); argparse reports what is neither."""
    if text[-1:] in UNITS and text[:-1].isdecimal():
        return datetime.now(UTC) - timedelta(**{UNITS[text[-1]]: int(text[:-1])})
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def manners_of(args: argparse.Namespace, contact: str = "") -> Manners:
    """The manners from parsed arguments; raises UsageError without a contact, MissingPartError without the client."""
    try:
        from sekisho.observe import client  # noqa: F401, PLC0415 - heavy, and asks for the extra
        from sekisho.observe.manners import Manners  # noqa: PLC0415 - heavy
    except ModuleNotFoundError as error:
        raise MissingPartError(
            "Observing needs an HTTP client: pip install 'sekisho[observe]'.",
            "観測には HTTP クライアントが必要です：pip install 'sekisho[observe]' を実行してください。",
        ) from error
    if min(args.pause, args.patience) < 0 or args.timeout <= 0 or args.hosts_at_once < 1:
        raise UsageError("Times and numbers cannot be negative.", "時間や数に負の値は指定できません。")
    return Manners(
        args.contact or contact,
        args.pause,
        args.timeout,
        args.patience,
        args.hosts_at_once,
        args.allow_private,
        getattr(args, "since", None),
    )


def run(args: argparse.Namespace) -> int:
    """Observe, then print what came of it."""
    given = manners_of(args)
    from sekisho.observe.crawl import observe  # noqa: PLC0415 - heavy
    from sekisho.observe.targets import sites  # noqa: PLC0415 - heavy

    if args.out.exists() and args.out.stat().st_size and not (args.resume or args.since):
        raise UsageError(
            f"{args.out} is there already. Add --resume to go on with it, or --since WHEN to ask again for what is older.",
            f"{args.out} は既にあります。続けるには --resume、古い記録を取り直すには --since を指定してください。",
        )
    progress = observe(sites(args.sites), args.out, given, told=None if args.json else teller(args.lang))
    print(json.dumps(summary(progress, args.out), ensure_ascii=False) if args.json else sentence(progress, args.out).lang(args.lang))
    return FINDINGS if progress.counts["failures"] else CLEAN


def teller(lang: str) -> Callable[[Progress], None]:
    """What prints the progress on standard error: one line that is written over on a terminal, one in ten seconds elsewhere."""
    terminal = sys.stderr.isatty()

    def tell(progress: Progress) -> None:
        if terminal or int(progress.seconds) % 10 == 0:
            print(_line(progress).lang(lang), end="\r" if terminal else "\n", file=sys.stderr, flush=True)

    return tell


def _line(progress: Progress) -> Text:
    counts, rate = progress.counts, sum(progress.counts.values()) / max(progress.seconds, 1)
    return Text(
        f"{progress.done}/{progress.sites} sites, {counts['answers']} answers, {counts['failures']} failures, {rate:.0f} a second ",
        f"{progress.done}/{progress.sites} サイト、応答 {counts['answers']}、失敗 {counts['failures']}、毎秒 {rate:.0f} 件 ",
    )


def summary(progress: Progress, out: Path) -> dict[str, object]:
    """The run as one JSON object."""
    keys = ("answers", "failures", "unchanged", "on record", "kept from us")
    return {"out": str(out), "sites": progress.sites} | {key.replace(" ", "_"): progress.counts[key] for key in keys}


def sentence(progress: Progress, out: Path) -> Text:
    """The run in words."""
    counts = progress.counts
    return Text(
        f"{progress.sites} site{'s' * (progress.sites != 1)} in {out}: {counts['answers']} answers, {counts['failures']} failures, {counts['unchanged']} unchanged, "
        f"{counts['on record']} already on record, {counts['kept from us']} that a robots.txt keeps from us.",
        f"{progress.sites} サイトを {out} に記録しました：応答 {counts['answers']}、失敗 {counts['failures']}、変更なし {counts['unchanged']}、"
        f"記録済み {counts['on record']}、robots.txt により取得を控えたもの {counts['kept from us']}。",
    )
