"""``sekisho register``: registers works in a store; fingerprints are made here, the works stay where they are."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sekisho.cli import CLEAN, FINDINGS
from sekisho.cli._meter import Line, time_left
from sekisho.model import Text

if TYPE_CHECKING:
    from sekisho.works import Registered

HELP = Text(
    "register works: fingerprints are made here, the works stay where they are", "著作物を登録（特徴量は手元で作成し、作品は外に出ません）"
)
EVERY_SECONDS = 1.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``register`` takes."""
    lang = parser.get_default("lang")

    def add(name: str, en: str, ja: str, **more: Any) -> None:
        parser.add_argument(name, help=Text(en, ja).lang(lang), **more)

    add(
        "paths",
        "picture, text, CBZ, ZIP, PDF, EPUB, or a folder of them",
        "画像・文章・CBZ・ZIP・PDF・EPUB、またはそのフォルダー",
        nargs="*",
        metavar="PATH",
        type=Path,
    )
    add(
        "--works",
        "store: a folder or a postgresql:// URL",
        "ストア（フォルダーまたは postgresql:// の URL）",
        required=True,
        metavar="STORE",
    )
    add("--holder", "whose works they are", "権利者の名前", metavar="NAME")
    add(
        "--identity",
        "what shows who the holder is",
        "権利者の本人確認の区分",
        choices=("own", "claimed", "domain", "signed", "organisation"),
        default="own",
    )
    add(
        "--proof",
        "what the identity rests on: a domain, a key, an organisation",
        "本人確認の根拠（ドメイン、鍵、団体名）",
        default="",
        metavar="TEXT",
    )
    add("--terms", "no, ask, credit, yes or offer:JPY:100", "no・ask・credit・yes、または offer:JPY:100", default="ask", metavar="TERMS")
    add(
        "--catalogue",
        "list of works: path,work,title,holder,terms and more",
        "作品リスト（path,work,title,holder,terms ほか）",
        metavar="CSV",
        type=Path,
    )
    add("--on", "day from which the terms hold (today)", "許諾条件の適用開始日（既定は今日）", metavar="DATE")
    add("--workers", "processes", "プロセス数", type=int, default=os.cpu_count() or 1, metavar="N")
    add("--json", "one JSON object a page", "1ページ1行の JSON で出力", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Register, telling each page once it is durable."""
    from sekisho.desks.register import register  # noqa: PLC0415
    from sekisho.law.questions import day  # noqa: PLC0415
    from sekisho.works import Identity, RightsHolder  # noqa: PLC0415

    holder = RightsHolder(args.holder, identity=Identity(args.identity), proof=args.proof) if args.holder else None
    teller = Teller(args.lang, files(args.paths, args.catalogue), as_json=args.json)
    told = register(
        args.paths,
        works=args.works,
        holder=holder,
        terms=args.terms,
        catalogue=args.catalogue,
        on=day(args.on) if args.on else None,
        workers=args.workers,
        each=teller.tell,
    )
    teller.close()
    return FINDINGS if any(one.refused for one in told) else CLEAN


def files(paths: Sequence[Path], catalogue: Path | None) -> int:
    """How many files and volumes there are to look at."""
    from sekisho.works import catalogue as catalogues  # noqa: PLC0415
    from sekisho.works.folders import files_in  # noqa: PLC0415

    return sum(1 for path in paths for _ in files_in(path)) + (len(catalogues.load(catalogue)) if catalogue else 0)


class Teller:
    """Tells of each page: as JSON, or refusals and, on a terminal, how far it is."""

    def __init__(self, lang: str, total: int, *, as_json: bool) -> None:
        self.lang = lang
        self.total = total
        self.as_json = as_json
        self.new = self.already = self.refused = 0
        self.seen: set[str] = set()
        self.started = self.told_at = time.monotonic()
        self.line = Line(quiet=as_json)

    def tell(self, one: Registered) -> None:
        """Tell of one page."""
        self.seen.add(one.path)
        self.new += not one.already and one.refused is None
        self.already += one.already
        self.refused += one.refused is not None
        if self.as_json:
            print(json.dumps(as_json(one, self.lang), ensure_ascii=False), flush=True)
        elif one.refused:
            self.line.clear()
            print(Text(f"refused: {place(one)}: {one.refused.en}", f"登録できません：{place(one)}：{one.refused.ja}").lang(self.lang))
        if time.monotonic() - self.told_at > EVERY_SECONDS:
            self.told_at = time.monotonic()
            self.line.write(self.progress())

    def close(self) -> None:
        """Tell what it came to."""
        self.line.clear()
        if not self.as_json:
            print(self.counts())

    def progress(self) -> str:
        """How far it is and how long it will take, judged by the files behind it."""
        done, passed = len(self.seen), time.monotonic() - self.started
        left = time_left(passed * (self.total - done) / done if done else None)
        return Text(
            f"{done:,} of {self.total:,} files, {left.en}: {self.counts()}",
            f"{self.total:,} ファイル中 {done:,}、{left.ja}：{self.counts()}",
        ).lang(self.lang)

    def counts(self) -> str:
        """How many so far."""
        return Text(
            f"{self.new} registered, {self.already} already there, {self.refused} refused",
            f"新規登録 {self.new} 件、登録済み {self.already} 件、登録不可 {self.refused} 件",
        ).lang(self.lang)


def place(one: Registered) -> str:
    """Where a page lies."""
    return f"{one.path}#{one.page}" if one.page else one.path


def as_json(one: Registered, lang: str) -> dict[str, Any]:
    """One page as an object that other programs rely on; no fingerprint is in it, only how many there are."""
    told: dict[str, Any] = {"work": one.work, "title": one.title, "path": one.path, "media": one.media, "page": one.page}
    told |= {"fingerprints": one.fingerprints, "already": one.already, "iscc": one.iscc}
    told |= {"encoding": one.encoding} if one.encoding else {}
    return told | ({"refused": one.refused.lang(lang)} if one.refused else {})
