"""``sekisho works``: looks into a store, changes terms, takes lists in and out, keeps settings, writes and compares snapshots."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sekisho.cli import CLEAN, FINDINGS
from sekisho.errors import UsageError
from sekisho.model import Text

if TYPE_CHECKING:
    from sekisho.works import Declared, Work, Works

Add = Callable[..., None]
"""Adds one argument: its name, what it means, and argparse's own options."""

HELP = Text(
    "look into a works store, change terms, exchange lists and snapshots",
    "著作物ストアの閲覧、許諾条件の変更、リストやスナップショットの交換",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verbs and what each takes."""
    lang = parser.get_default("lang")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, (about, options, do) in VERBS.items():
        verb = verbs.add_parser(name, help=about.lang(lang), description=about.lang(lang))
        verb.set_defaults(do=do)

        def add(name: str, words: Text, *, to: argparse.ArgumentParser = verb, **more: Any) -> None:
            to.add_argument(name, help=words.lang(lang), **more)

        options(add)
        add("--json", Text("answer as JSON, one object a line", "JSON で出力（1行1オブジェクト）"), action="store_true")
        add("--lang", Text("language of the answer", "回答の言語"), choices=("en", "ja"), default=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Do what the verb says."""
    done: int = args.do(args)
    return done


def store_option(add: Add) -> None:
    add(
        "--works",
        Text("store: a folder or a postgresql:// URL", "ストア（フォルダーまたは postgresql:// の URL）"),
        required=True,
        metavar="STORE",
    )


def day_option(add: Add) -> None:
    add("--on", Text("as it stood on this day (today)", "この日の時点での内容（既定は今日）"), metavar="DATE")


def show_options(add: Add) -> None:
    store_option(add)
    day_option(add)
    add("ids", Text("works; all when none is named", "作品 ID（省略するとすべて）"), nargs="*", metavar="WORK")


def terms_options(add: Add) -> None:
    store_option(add)
    add("terms", Text("no, ask, credit, yes or offer:JPY:100", "no・ask・credit・yes、または offer:JPY:100"), metavar="TERMS")
    add("ids", Text("works", "作品 ID"), nargs="+", metavar="WORK")
    add("--holder", Text("the holder who says it; all when none is named", "表明する権利者（省略すると全員）"), metavar="NAME")
    add("--on", Text("day from which they hold (today)", "適用開始日（既定は今日）"), metavar="DATE")


def export_options(add: Add) -> None:
    store_option(add)
    day_option(add)
    formats = Text(
        "csv, json-ld, register-ja (register for individual creators in Japan) or opt-out",
        "csv、json-ld、register-ja（個人クリエイター等権利情報登録システム向け）、opt-out",
    )
    add("--format", formats, choices=("csv", "json-ld", "register-ja", "opt-out"), default="csv")
    add("-o", Text("file to write; standard output when left out", "出力先（省略すると標準出力）"), dest="out", type=Path, metavar="FILE")


def import_options(add: Add) -> None:
    store_option(add)
    add("catalogue", Text("list of works whose rows declare terms", "許諾条件を記した作品リスト"), type=Path, metavar="FILE")
    add("--on", Text("day from which they hold (today)", "適用開始日（既定は今日）"), metavar="DATE")


def harmless_options(add: Add) -> None:
    store_option(add)
    add("paths", Text("pictures through which nothing shall match", "照合から除外する無害な画像"), nargs="+", type=Path, metavar="PATH")


def set_options(add: Add) -> None:
    store_option(add)
    add("settings", Text("name=value; shows all when none is given", "名前=値（省略すると一覧）"), nargs="*", metavar="NAME=VALUE")


def key_options(add: Add) -> None:
    add("out", Text("file for the new private key", "新しい秘密鍵の出力先"), type=Path, metavar="FILE")


def snapshot_options(add: Add) -> None:
    store_option(add)
    add("--key", Text("private key that signs", "署名に使う秘密鍵"), required=True, type=Path, metavar="FILE")
    add("-o", Text("file to write", "出力先"), dest="out", required=True, type=Path, metavar="FILE")
    add(
        "--with-fingerprints",
        Text("say that exported fingerprints may leave this machine", "書き出し用の特徴量を外に出すことに同意する"),
        action="store_true",
    )


def changes_options(add: Add) -> None:
    for name in ("old", "new"):
        add(name, Text("snapshot", "スナップショット"), type=Path, metavar=name.upper())
    add("--signer", Text("public key that must have signed both", "両方に署名しているはずの公開鍵"), metavar="HEX")


def day(text: str | None) -> date | None:
    """The day that was asked for."""
    from sekisho.law.questions import day as read  # noqa: PLC0415

    return read(text) if text else None


def opened(args: argparse.Namespace) -> Works:
    """The store that was named, which must be there."""
    from sekisho.works import Works  # noqa: PLC0415

    works = Works.open(args.works)
    works.must_exist()
    return works


def show(args: argparse.Namespace) -> int:
    """Tell of works: what each is, whose, and what was said by the day."""
    works = opened(args)
    left = set(args.ids)
    for work, said in works.all(day(args.on)):
        if not args.ids or work.id in left:
            left.discard(work.id)
            print(json.dumps(as_json(work, said), ensure_ascii=False) if args.json else as_line(work, said, args.lang))
    return missing(left, args.lang) if left else CLEAN


def as_json(work: Work, said: Declared | None) -> dict[str, Any]:
    """A work as an object."""
    from sekisho.works.catalogue import row_of  # noqa: PLC0415

    told: dict[str, Any] = {name: value for name, value in row_of(work, said.terms if said else None).items() if value}
    return told | ({"declared": said.on.isoformat(), "by": said.holder.name} if said else {})


def as_line(work: Work, said: Declared | None, lang: str) -> str:
    """A work for a person."""
    from sekisho.works.terms import TERMS_TEXT  # noqa: PLC0415

    nothing = Text("nothing declared by then", "この日までの意思表示なし").lang(lang)
    told = f"{TERMS_TEXT[said.terms.kind].lang(lang)} ({said.terms}, {said.on})" if said else nothing
    return f"{work.id}\t{work.title}\t{work.holder}\t{told}"


def missing(ids: set[str], lang: str) -> int:
    """Tell which works are not there."""
    names = ", ".join(sorted(ids))
    print(Text(f"not in this store: {names}", f"このストアにありません：{names}").lang(lang), file=sys.stderr)
    return FINDINGS


def declare(args: argparse.Namespace) -> int:
    """Declare terms for works from a day on; what was said before stays on record."""
    done = opened(args).declare(args.ids, args.terms, args.holder, day(args.on))
    for key in done:
        print(json.dumps({"work": key, "terms": args.terms}, ensure_ascii=False) if args.json else f"{key}\t{args.terms}")
    left = set(args.ids) - set(done)
    return missing(left, args.lang) if left else CLEAN


def export(args: argparse.Namespace) -> int:
    """Write the works as a list; no fingerprint is in it but the ISCC code and the digest of an opt-out list."""
    from sekisho.works import catalogue  # noqa: PLC0415

    works = opened(args)
    told = ((work, said.terms if said else None) for work, said in works.all(day(args.on)))
    text = {
        "csv": lambda: catalogue.as_csv(map(dated, works.all(day(args.on))), catalogue.COLUMNS[1:-2]),
        "json-ld": lambda: catalogue.json_ld(told),
        "register-ja": lambda: catalogue.as_csv((catalogue.row_ja(*one) for one in told), catalogue.EXPORT_JA),
        "opt-out": lambda: catalogue.as_csv(opt_outs(works, day(args.on)), catalogue.OPT_OUT),
    }[args.format]()
    if args.out:
        args.out.write_bytes(text.encode())
    else:
        sys.stdout.write(text)
    return CLEAN


def dated(told: tuple[Work, Declared | None]) -> dict[str, str]:
    """A work as a row, with the day of its declaration."""
    from sekisho.works.catalogue import row_of  # noqa: PLC0415

    work, said = told
    return row_of(work, said.terms if said else None) | {"declared": said.on.isoformat() if said else ""}


def opt_outs(works: Works, on: date | None) -> Iterator[dict[str, str]]:
    """A row for each address and each file of the works whose holders do not simply allow."""
    from sekisho.works.values import TermsKind  # noqa: PLC0415

    for work, said in works.all(on):
        if said is None or said.terms.kind is TermsKind.YES:
            continue
        row = {"work": work.id, "title": work.title, "holder": work.holder, "terms": str(said.terms), "declared": said.on.isoformat()}
        yield from (row | {"url": url} for url in work.urls)
        yield from (row | {"digest": digest.hex(), "iscc": iscc} for digest, iscc in works.files(work.id))


def take_in(args: argparse.Namespace) -> int:
    """Declare what the rows of a list say of works, with or without files."""
    from sekisho.works import Works  # noqa: PLC0415

    told = Works.open(args.works).take_in(args.catalogue, day(args.on))
    print(json.dumps({"works": len(told)}) if args.json else Text(f"{len(told)} works", f"{len(told)} 作品").lang(args.lang))
    return CLEAN


def harmless(args: argparse.Namespace) -> int:
    """Keep pictures as known to be harmless."""
    told = opened(args).mark_harmless(*args.paths)
    for one in told:
        if one.refused:
            print(f"{one.path}: {one.refused.lang(args.lang)}")
    kept = sum(one.refused is None for one in told)
    print(
        json.dumps({"harmless": kept})
        if args.json
        else Text(f"{kept} known to be harmless", f"無害な画像として {kept} 件を記録").lang(args.lang)
    )
    return FINDINGS if kept < len(told) else CLEAN


def change_settings(args: argparse.Namespace) -> int:
    """Set what is named and tell all settings."""
    from sekisho.works import settings  # noqa: PLC0415

    works = opened(args)
    for word in args.settings:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"{word!r}: write name=value.", f"{word!r}：名前=値 の形で指定してください。")
        settings.change(works.store, name, value)
    now = {name: getattr(works.settings, name) for name in settings.names()}
    print(json.dumps(now) if args.json else "\n".join(f"{name}={value}" for name, value in now.items()))
    return CLEAN


def key(args: argparse.Namespace) -> int:
    """Make a key; the public half is told, the private half stays in the file."""
    from sekisho.works import snapshot  # noqa: PLC0415

    public = snapshot.new_key(args.out)
    print(json.dumps({"signer": public}) if args.json else public)
    return CLEAN


def write_snapshot(args: argparse.Namespace) -> int:
    """Write a signed snapshot: exported fingerprints and terms, nothing from which a work can be seen."""
    from sekisho.works import snapshot  # noqa: PLC0415

    if not args.with_fingerprints:
        raise UsageError(
            "A snapshot carries exported fingerprints: say --with-fingerprints to hand them out.",
            "スナップショットには書き出し用の特徴量が含まれます。外に出すには --with-fingerprints を指定してください。",
        )
    made = snapshot.write(opened(args).store, args.out, snapshot.load_key(args.key))
    told = {"path": str(args.out), "works": len(made.works), "made": made.made.isoformat(), "signer": made.signer}
    print(json.dumps(told) if args.json else "\n".join(f"{name}: {value}" for name, value in told.items()))
    return CLEAN


def changes(args: argparse.Namespace) -> int:
    """Tell whose word is another in the newer of two snapshots."""
    from sekisho.works import snapshot  # noqa: PLC0415

    signer = snapshot.check_key(args.signer)
    found = list(snapshot.changes(snapshot.read(args.old, signer), snapshot.read(args.new, signer)))
    for one in found:
        before, after = (str(terms) if terms else None for terms in (one.before, one.after))
        told = {"work": one.work, "title": one.title, "before": before, "after": after, "on": one.on.isoformat() if one.on else None}
        print(
            json.dumps(told, ensure_ascii=False)
            if args.json
            else f"{one.work}\t{one.title}\t{before or '-'} → {after or '-'}\t{told['on'] or ''}"
        )
    return FINDINGS if found else CLEAN


VERBS: dict[str, tuple[Text, Callable[[Add], None], Callable[[argparse.Namespace], int]]] = {
    "show": (Text("what is registered, and what was declared by a day", "登録内容と、ある日までの意思表示"), show_options, show),
    "terms": (Text("declare terms for works", "作品の許諾条件を表明する"), terms_options, declare),
    "export": (Text("write the works as a list", "作品リストを書き出す"), export_options, export),
    "import": (Text("declare what a list says, without files", "リストの内容を表明する（ファイル不要）"), import_options, take_in),
    "harmless": (Text("keep pictures through which nothing matches", "照合から除外する画像を記録する"), harmless_options, harmless),
    "set": (Text("thresholds and flood brake", "しきい値と大量一致の制御"), set_options, change_settings),
    "key": (Text("make a key for signing snapshots", "スナップショット署名用の鍵を作る"), key_options, key),
    "snapshot": (Text("write a signed snapshot for a lab", "署名付きスナップショットを書き出す"), snapshot_options, write_snapshot),
    "changes": (Text("whose terms changed between two snapshots", "二つのスナップショット間で変わった許諾条件"), changes_options, changes),
}
