"""``sekisho signals``: every statement about rights in a file, or in all files of a folder."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sekisho.cli import CLEAN, FINDINGS, WRONG
from sekisho.errors import InputError
from sekisho.model import NOT_ADVICE, Ask, Axis, Observation, Signal, Source, Text, Value

HELP = Text(
    "show every statement about rights found in a file or folder, with evidence",
    "ファイルやフォルダーの中の権利に関する表示を、証拠とともにすべて表示",
)
KINDS = {
    "robots": Source.ROBOTS,
    "headers": Source.HEADERS,
    "html": Source.PAGE,
    "tdmrep": Source.TDMREP,
    "policy": Source.POLICY,
    "rsl": Source.RSL,
    "feed": Source.FEED,
    "ai": Source.AI_TXT,
    "trust": Source.TRUST_TXT,
    "llms": Source.LLMS_TXT,
    "image": Source.IMAGE,
    "av": Source.AUDIO_VIDEO,
    "pdf": Source.PDF,
    "epub": Source.EPUB,
    "sidecar": Source.SIDECAR,
}
LIMIT_BYTES = 1 << 30
AXES = {
    Axis.TRAIN: Text("training generative models", "生成モデルの学習"),
    Axis.TRAIN_NONGEN: Text("training other models", "その他のモデルの学習"),
    Axis.AI_USE: Text("use at inference", "推論時の利用"),
    Axis.TDM: Text("text and data mining", "テキスト・データマイニング"),
    Axis.SEARCH: Text("search", "検索"),
    Axis.CRAWL: Text("crawling", "クロール"),
}
VALUES = {
    Value.ALLOW: Text("allow", "許可"),
    Value.DENY: Text("deny", "拒否"),
    Value.LICENCE: Text("licence", "要許諾"),
    Value.UNKNOWN: Text("unknown", "不明"),
}
NOTHING = Text("No statement found.", "表示は見つかりませんでした。")
PLACE, SAID, TO, OFFERS, CONDITIONS, SIGNED, WARNINGS = (
    Text("where", "場所"),
    Text("says", "内容"),
    Text("to", "宛先"),
    Text("terms", "条件の提示"),
    Text("conditions", "条件"),
    Text("signature", "署名"),
    Text("warnings", "注意"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one source says: ``kind`` None and no signals where it is no source of signals; ``error`` where it could not be opened."""

    source: str
    kind: Source | None
    faults: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()
    error: str = ""

    @property
    def restricts(self) -> bool:
        """True when something speaks against a use, or was meant to."""
        return any(signal.value in {Value.DENY, Value.LICENCE} or "deny-intent" in signal.warnings for signal in self.signals)

    @property
    def unreadable(self) -> bool:
        """True when some of it could not be read."""
        return bool(self.error) or any("unreadable" in signal.warnings for signal in self.signals)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``signals`` takes."""
    lang = parser.get_default("lang")

    def add(name: str, en: str, ja: str, **more: Any) -> None:
        parser.add_argument(name, help=Text(en, ja).lang(lang), **more)

    add("source", "file or folder; - is standard input", "ファイルまたはフォルダー（- は標準入力）", metavar="SOURCE")
    add("--url", "address it was taken from, or that is asked about", "取得元または照会したい URL", metavar="URL")
    add("--as", "what it is (otherwise told from its content)", "種類（省略時は中身から判別）", dest="kind", choices=KINDS)
    add(
        "--purpose",
        "for whom a licence is read",
        "ライセンスを読む際の目的",
        choices=("commercial", "research", "noncommercial"),
        default="commercial",
    )
    add("--trust", "certificates to trust for signatures in files", "ファイル内の署名について信頼する証明書", metavar="FILE.pem", type=Path)
    add("--json", "a JSON array; of a folder one object a line", "JSON 配列で出力（フォルダーは1行1オブジェクト）", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Tell; 1 when something speaks against a use, else 2 when something could not be read."""
    anchors = args.trust.read_text("utf-8") if args.trust else ""
    ask = Ask(url=args.url, commercial=args.purpose == "commercial", trust_anchors=anchors)
    folder = Path(args.source)
    told_all = _folder(folder, args.kind, ask) if folder.is_dir() else iter([_single(args.source, args.kind, ask)])
    restricts = unreadable = False
    for told in told_all:
        restricts, unreadable = restricts or told.restricts, unreadable or told.unreadable
        print(_json(told, whole=folder.is_dir()) if args.json else "\n".join(_page(told, args.lang)), flush=True)
    if not args.json:
        print(NOT_ADVICE.lang(args.lang))
    return FINDINGS if restricts else WRONG if unreadable else CLEAN


def _single(name: str, kind: str | None, ask: Ask) -> Told:
    """What the file ``name`` says; raises InputError when nobody can tell what it is."""
    body = sys.stdin.buffer.read() if name == "-" else _bytes(Path(name))
    told = _told(name, body, kind, ask)
    if told.kind is None:
        raise InputError(
            f"{name}: not a kind of source that is known; say what it is with --as ({', '.join(KINDS)}).",
            f"{name}：種類を判別できません。--as で指定してください（{', '.join(KINDS)}）。",
        )
    return told


def _folder(folder: Path, kind: str | None, ask: Ask) -> Iterator[Told]:
    """What every file under ``folder`` says, in order of their paths; links are not followed."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for path in (Path(parent, name) for name in sorted(names)):
            try:
                yield _told(str(path), _bytes(path), kind, ask)
            except (OSError, InputError) as error:
                yield Told(str(path), None, error=str(error))


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > LIMIT_BYTES:
        raise InputError(f"{path}: larger than 1 GiB, not read.", f"{path}：1 GiB を超えるため読みません。")
    return path.read_bytes()


def _told(name: str, body: bytes, kind: str | None, ask: Ask) -> Told:
    from sekisho import signals  # noqa: PLC0415 - heavy
    from sekisho.formats.media import sniff  # noqa: PLC0415 - heavy

    media = sniff(body, name)
    source = KINDS[kind] if kind else media.source
    if source is None:
        return Told(name, None, media.faults)
    found = signals.read(_observation(name, body, source, ask.url), ask)
    return Told(name, source, media.faults, tuple(found))


def _observation(name: str, body: bytes, source: Source, url: str | None) -> Observation:
    """The source as if it had been fetched; saved headers with a body are the response that the body is."""
    from sekisho.formats import http_message  # noqa: PLC0415
    from sekisho.formats.media import sniff  # noqa: PLC0415

    if source is not Source.HEADERS:
        return Observation(url or name, source, body)
    message = http_message.parse(body)
    inside = sniff(message.body).source if message.body else None
    return Observation(url or name, inside or Source.HEADERS, message.body, message.headers, message.status)


def _json(told: Told, *, whole: bool) -> str:
    """The statements as JSON; of a folder with the file they were found in."""
    found = [_object(signal) for signal in told.signals]
    more = {key: value for key, value in (("faults", list(told.faults)), ("error", told.error)) if value}
    return json.dumps({"source": told.source, "kind": told.kind, "signals": found, **more} if whole else found, ensure_ascii=False)


def _object(signal: Signal) -> dict[str, Any]:
    return asdict(signal) | {"conditions": sorted(signal.conditions), "warnings": list(signal.warnings)}


def _page(told: Told, lang: str) -> Iterator[str]:
    """The statements for people: those that share their evidence stand together."""
    from sekisho.formats.media import FAULTS  # noqa: PLC0415

    faults = [FAULTS[fault].lang(lang) for fault in told.faults]
    yield " · ".join([told.source, *([told.kind.value] if told.kind else []), *faults, *([told.error] if told.error else [])])
    if not told.signals and not told.error:
        yield f"  {NOTHING.lang(lang)}"
    for _, group in groupby(told.signals, key=_apart_from_axis):
        yield from _statement(list(group), lang)
    yield ""


def _apart_from_axis(signal: Signal) -> tuple[object, ...]:
    return (
        signal.protocol,
        signal.value,
        signal.evidence,
        signal.addressee,
        signal.offers,
        signal.conditions,
        signal.warnings,
        signal.authenticated,
    )


def _statement(group: list[Signal], lang: str) -> Iterator[str]:
    """One statement: what it says of which uses, then where, in which words, to whom and on which terms."""
    signal = group[0]
    uses = dict.fromkeys(AXES[one.axis].lang(lang) for one in group)
    yield f"  {VALUES[signal.value].lang(lang):8} {('、' if lang == 'ja' else ', ').join(uses)}  [{signal.protocol} {signal.version}]"
    offers = [next(filter(None, (offer.url, offer.licence_uri, offer.server, offer.payment_type)), "") for offer in signal.offers]
    rest = {
        PLACE: signal.evidence.where,
        SAID: " ".join(signal.evidence.quote.split())[:300],
        TO: signal.addressee if signal.addressee != "*" else "",
        OFFERS: " ".join(offers),
        CONDITIONS: " ".join(sorted(signal.conditions)),
        SIGNED: signal.authenticated.value if signal.authenticated.value != "none" else "",
        WARNINGS: " ".join(signal.warnings),
    }
    yield from (f"      {words.lang(lang)}: {text}" for words, text in rest.items() if text)
