"""``sekisho declare``: one holder's terms in every protocol at once; ``--check`` says what a site lacks of them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.cli import CLEAN, FINDINGS
from sekisho.cli.observe import manners, manners_of
from sekisho.errors import UsageError
from sekisho.model import Text

if TYPE_CHECKING:
    from sekisho.declare.desk import Declared
    from sekisho.declare.terms import Terms

HELP = Text("write one holder's terms in every protocol at once", "権利者の条件をあらゆる方式で一度に書き出す")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``declare`` takes."""
    lang = parser.get_default("lang")

    def words(en: str, ja: str) -> str:
        return Text(en, ja).lang(lang)

    parser.add_argument("terms", type=Path, metavar="TERMS.toml", help=words("the terms", "条件のファイル"))
    parser.add_argument("out", nargs="?", type=Path, metavar="OUT", help=words("folder for what is written", "書き出すフォルダー"))
    media = words("files and folders to write the terms into copies of", "条件を複製に書き込むファイルやフォルダー")
    parser.add_argument("--media", nargs="+", default=[], type=Path, metavar="PATH", help=media)
    checked = words("observe the site afterwards: what is missing, what contradicts", "設置後のサイトを観測し、不足と矛盾を示す")
    parser.add_argument("--check", metavar="URL", help=checked)
    manners(parser, lang)
    parser.add_argument("--json", action="store_true", help=words("answer as one JSON object", "JSON で出力"))


def run(args: argparse.Namespace) -> int:
    """Write, or check, then say what came of it."""
    from sekisho.declare import terms  # noqa: PLC0415 - heavy

    said = terms.read(args.terms)
    if args.check:
        return _check(said, args)
    if args.out is None:
        raise UsageError("Name a folder to write into, or --check URL.", "書き出すフォルダー、または --check URL を指定してください。")
    from sekisho.declare.desk import declare  # noqa: PLC0415 - heavy

    made = declare(said, args.out, args.media)
    left_out = [one for one in made.copies if one.copy is None]
    print(json.dumps(_summary(made), ensure_ascii=False) if args.json else _told(made, args.lang))
    return FINDINGS if left_out else CLEAN


def _summary(made: Declared) -> dict[str, object]:
    copies = [
        {"source": str(one.source), "copy": str(one.copy) if one.copy else None, "reason": one.reason, "signed": one.signed}
        for one in made.copies
    ]
    return {"out": str(made.out), "files": list(made.files), "copies": copies}


def _told(made: Declared, lang: str) -> str:
    written = sum(one.copy is not None for one in made.copies)
    lines = [
        Text(
            f"{len(made.files)} files for the site and {written} media files in {made.out}. Read {made.out}/README.md: it says where each goes.",
            f"サイト用 {len(made.files)} 件、メディアファイル {written} 件を {made.out} に書き出しました。置き場所は {made.out}/README.ja.md をご覧ください。",
        )
    ]
    lines += [Text(f"Left out {one.source}: {one.reason}", f"対象外 {one.source}：{one.reason}") for one in made.copies if one.copy is None]
    return "\n".join(line.lang(lang) for line in lines)


def _check(said: Terms, args: argparse.Namespace) -> int:
    given = manners_of(args, contact=said.mail or said.page)
    from sekisho.declare.check import check  # noqa: PLC0415 - heavy, and needs the extra

    findings = check(said, args.check, given)
    if args.json:
        print(
            json.dumps([{"kind": one.kind, "where": one.where, "text": one.text.lang(args.lang)} for one in findings], ensure_ascii=False)
        )
    elif findings:
        print("\n".join(one.text.lang(args.lang) for one in findings))
    else:
        print(Text(f"{args.check} says all of it.", f"{args.check} はすべての条件を表示しています。").lang(args.lang))
    return FINDINGS if findings else CLEAN
