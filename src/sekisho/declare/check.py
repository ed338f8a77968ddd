"""Whether a site says what its holder declared: observed as anybody would observe it, and compared with the files as they were written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sekisho import signals
from sekisho.addresses import address
from sekisho.declare.copies import agrees
from sekisho.declare.desk import site_files
from sekisho.declare.part import File
from sekisho.declare.tdmrep import policy_url
from sekisho.declare.terms import Terms
from sekisho.errors import UsageError
from sekisho.model import Ask, Axis, Observation, Signal, Source, Text, Value
from sekisho.observe import archived
from sekisho.observe.crawl import observe
from sekisho.observe.manners import Manners
from sekisho.observe.names import LookUp
from sekisho.observe.redirects import followed
from sekisho.observe.visits import Site

Said = tuple[str, Axis, Value, str]


class Finding(NamedTuple):
    """What is not as declared: ``missing``, ``contradicts`` or ``failed``, where, and in words."""

    kind: str
    where: str
    text: Text


def check(terms: Terms, url: str, manners: Manners, look_up: LookUp | None = None) -> list[Finding]:
    """What the site at ``url`` lacks or says otherwise; empty when it says all that ``terms`` say. Raises UsageError for what is no web address."""
    found = address(url)
    if found is None:
        raise UsageError(f"{url!r} is no web address.", f"{url!r} はウェブのアドレスではありません。")
    here = replace(terms, site=found[0])
    site = Site(
        here.site, tuple(dict.fromkeys([here.site + path for path in here.paths] + [file.seen[0].url for file in site_files(here)]))
    )
    with TemporaryDirectory() as folder:
        seen = _observed(site, Path(folder, "check.warc"), manners, look_up)
    policies = {policy_url(terms), policy_url(here)}
    return compared(here, [replace(one, source=Source.POLICY) if one.url in policies else one for one in seen])


def _observed(site: Site, file: Path, manners: Manners, look_up: LookUp | None) -> list[Observation]:
    observe([site], file, manners, look_up=look_up)
    return list(followed(archived.observations(file, [])))


def compared(terms: Terms, seen: list[Observation]) -> list[Finding]:
    """What ``seen``, the site as it is, lacks of ``terms`` or says otherwise."""
    ask = Ask(url=terms.site + terms.paths[0])
    failures = [Finding("failed", one.url, _failed(one)) for one in seen if one.failed]
    if len(failures) == len(seen):  # nothing came at all, so nothing can be said of what is there
        return failures
    heard = [(one, signal) for one in seen if not one.failed for signal in signals.read(one, ask)]
    said = {_key(signal) for _, signal in heard}
    missing = _missing(site_files(terms), ask, said)
    other = [_otherwise(one, signal) for one, signal in heard if signal.axis is not Axis.CRAWL and not agrees(signal, terms)]
    return list(dict.fromkeys([*failures, *missing, *other]))


def _key(signal: Signal) -> Said:
    return signal.protocol, signal.axis, signal.value, signal.addressee.lower()


def _missing(files: Iterable[File], ask: Ask, said: set[Said]) -> list[Finding]:
    """What the files would say that nobody heard; those that say the same, the headers for one server or another, stand together."""
    places: dict[tuple[tuple[Said, ...], bool], list[str]] = {}
    for file in files:
        meant = {_key(signal) for one in file.seen for signal in signals.read(one, ask) if signal.value is not Value.UNKNOWN}
        if lost := tuple(sorted(meant - said)):
            places.setdefault((lost, len(lost) == len(meant)), []).append(file.path)
    return [Finding("missing", " / ".join(paths), _lacking(paths, lost, whole=whole)) for (lost, whole), paths in places.items()]


def _lacking(paths: list[str], lost: Iterable[Said], *, whole: bool) -> Text:
    listed = ", ".join(dict.fromkeys(f"{protocol} {axis}={value}" for protocol, axis, value, _ in lost))
    return Text(
        f"{' or '.join(paths)} is not in its place{'' if whole else ', or not all of it'}. Not heard: {listed}.",
        f"{' または '.join(paths)} が設置されていません{'' if whole else '（または内容が欠けています）'}。届いていない表示：{listed}。",
    )


def _otherwise(seen: Observation, signal: Signal) -> Finding:
    quote = " ".join(signal.evidence.quote.split())[:160]
    where = f"{seen.url} ({signal.evidence.where})"
    return Finding(
        "contradicts",
        where,
        Text(
            f"{where} says {signal.axis}={signal.value} in the words of {signal.protocol}: {quote}",
            f"{where} は {signal.protocol} で {signal.axis}={signal.value} と述べています：{quote}",
        ),
    )


def _failed(seen: Observation) -> Text:
    why = seen.failure or str(seen.status)
    private = why.startswith("private address")
    return Text(
        f"{seen.url} could not be read: {why}{' (--allow-private opens networks of your own)' if private else ''}",
        f"{seen.url} を読めませんでした：{why}{'（自分のネットワークには --allow-private を付けてください）' if private else ''}",
    )
