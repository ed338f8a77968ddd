"""One holder's terms as a TOML file says them: read strictly, since a typo in a refusal must not become silence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from sekisho.addresses import address
from sekisho.errors import InputError
from sekisho.model import Axis, Value


class Answer(StrEnum):
    """What a holder says to a use."""

    YES = "yes"
    CREDIT = "credit"
    OFFER = "offer"
    ASK = "ask"
    NO = "no"


LICENSED = frozenset({Answer.ASK, Answer.OFFER})
REFUSING = LICENSED | {Answer.NO}
"""What a protocol that knows only yes and no has to call a no."""
VALUE_OF = {Answer.YES: Value.ALLOW, Answer.CREDIT: Value.ALLOW, Answer.NO: Value.DENY, **dict.fromkeys(LICENSED, Value.LICENCE)}
STRICTNESS = {Answer.YES: 0, Answer.CREDIT: 1, Answer.OFFER: 2, Answer.ASK: 2, Answer.NO: 3}
USES = {"train": Axis.TRAIN, "train_nongen": Axis.TRAIN_NONGEN, "ai_use": Axis.AI_USE, "tdm": Axis.TDM, "search": Axis.SEARCH}
TRAINING = (Axis.TRAIN, Axis.TRAIN_NONGEN)
"""What lies within mining."""
ALL_AI = (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE, Axis.TDM)
PAYMENTS = ("training", "use", "crawl", "subscription", "purchase")
KEYS = {
    "holder": {"name", "mail", "page"},
    "site": {"url", "paths"},
    "terms": {*USES, "all_ai"},
    "price": {"amount", "currency", "per"},
    "certificate": {"chain", "key"},
}
MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[A-Za-z0-9-]+")
AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
PATH = re.compile(r"/[A-Za-z0-9._~%/+@:,=-]*")


class Price(NamedTuple):
    """A decimal number, an ISO 4217 code, and what it is paid for."""

    amount: str
    currency: str
    per: str


class Certificate(NamedTuple):
    """Where a certificate chain and its private key lie, both PEM."""

    chain: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Terms:
    """What ``holder`` says of the uses of everything below ``paths`` at ``site`` (scheme and host, no slash at the end)."""

    holder: str
    mail: str
    page: str
    site: str
    paths: tuple[str, ...]
    uses: Mapping[Axis, Answer]
    price: Price | None = None
    certificate: Certificate | None = None

    @property
    def everywhere(self) -> bool:
        """Whether they hold for the whole site."""
        return self.paths == ("/",)

    @property
    def contact(self) -> str:
        """Where to ask: the page, else the mail address as a URL."""
        return self.page or f"mailto:{self.mail}"

    def say(self, answers: frozenset[Answer], *axes: Axis) -> bool:
        """Whether the answer to each of ``axes`` is one of ``answers``."""
        return all(self.uses.get(axis) in answers for axis in axes)

    def refuse(self, *axes: Axis) -> bool:
        """Whether none of ``axes`` may be had without more."""
        return self.say(REFUSING, *axes)

    def grant(self, *axes: Axis) -> bool:
        """Whether all of ``axes`` may be had without conditions."""
        return self.say(frozenset({Answer.YES}), *axes)


def read(path: Path) -> Terms:
    """The terms in ``path``; raises InputError that names the key and says what to write instead."""
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", f"{path} を読めません：{error}") from error
    return parsed(table, path)


def parsed(table: Mapping[str, Any], path: Path) -> Terms:
    """The terms in ``table``, which came from ``path``; raises InputError as ``read`` does."""
    _refuse_unknown(table, path)
    holder, site = table.get("holder", {}), table.get("site", {})
    uses = _uses(table.get("terms", {}), path)
    mail, page = _text(path, holder, "mail"), _text(path, holder, "page")
    if mail and not MAIL.fullmatch(mail):
        raise _wrong(path, "holder.mail", "a mail address", "メールアドレス")
    if page and address(page) is None:
        raise _wrong(path, "holder.page", "a web address", "ウェブのアドレス")
    if not _text(path, holder, "name") or not (mail or page):
        raise _wrong(path, "holder", "a name, and a mail address or a page where you can be asked", "name と、連絡先となる mail か page")
    return Terms(
        holder["name"], mail, page, _site(site, path), _paths(site, path), uses, _price(table, uses, path), _certificate(table, path)
    )


def _wrong(path: Path, key: str, en: str, ja: str) -> InputError:
    return InputError(f"{path}: `{key}` needs {en}.", f"{path}：「{key}」には{ja}が必要です。")


def _refuse_unknown(table: Mapping[str, Any], path: Path) -> None:
    for section, content in table.items():
        known = KEYS.get(section)
        if known is None:
            raise InputError(
                f"{path}: there is no section [{section}]. There are: {', '.join(KEYS)}.",
                f"{path}：[{section}] という項目はありません。使えるもの：{'、'.join(KEYS)}",
            )
        if not isinstance(content, dict):
            raise InputError(
                f"{path}: `{section}` is a section. Write [{section}] on a line of its own, and its keys below: {', '.join(sorted(known))}.",
                f"{path}：「{section}」は項目です。[{section}] だけの行を書き、その下にキーを書いてください（{'、'.join(sorted(known))}）。",
            )
        for key in content.keys() - known:
            raise InputError(
                f"{path}: [{section}] knows no `{key}`. It knows: {', '.join(sorted(known))}.",
                f"{path}：[{section}] に「{key}」はありません。使えるもの：{'、'.join(sorted(known))}",
            )


def _text(path: Path, section: Mapping[str, Any], key: str) -> str:
    value = section.get(key, "")
    if not isinstance(value, str) or any(char in value for char in "\r\n"):
        raise _wrong(path, key, "one line of text in quotes", "引用符で囲んだ一行の文字列")
    return value.strip()


def _uses(section: Mapping[str, Any], path: Path) -> dict[Axis, Answer]:
    """The answer to each use that is spoken of; what lies within mining may be stricter than mining, never looser."""
    said = {key: _answer(path, key, value) for key, value in section.items()}
    uses = dict.fromkeys(ALL_AI, said["all_ai"]) if "all_ai" in said else {}
    uses |= {USES[key]: answer for key, answer in said.items() if key in USES}
    if not uses:
        raise _wrong(path, "terms", 'at least one answer, such as all_ai = "no"', '少なくとも一つの回答（例：all_ai = "no"）')
    mining = uses.get(Axis.TDM)
    for axis in TRAINING:
        if mining and axis in uses and STRICTNESS[uses[axis]] < STRICTNESS[mining]:
            raise InputError(
                f'{path}: `{axis}` = "{uses[axis]}" contradicts `tdm` = "{mining}": training is a kind of mining. Make tdm as open, or leave it out.',
                f'{path}：「{axis}」="{uses[axis]}" は「tdm」="{mining}" と矛盾します（学習は解析の一種です）。tdm を同じかより緩い回答にするか、省いてください。',
            )
    return uses


def _answer(path: Path, key: str, value: Any) -> Answer:
    try:
        return Answer(value)
    except ValueError as error:
        raise InputError(
            f"{path}: `{key}` = {value!r}: say {', '.join(Answer)}.",
            f"{path}：「{key}」= {value!r}：{'、'.join(Answer)} のいずれかで答えてください。",
        ) from error


def _site(section: Mapping[str, Any], path: Path) -> str:
    found = address(_text(path, section, "url"))
    if found is None or found[1].rstrip("/") != found[0]:
        raise _wrong(
            path, "site.url", 'the address of the site, such as "https://example.org/"', 'サイトのアドレス（例："https://example.org/"）'
        )
    return found[0]


def _paths(section: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    paths = section.get("paths", ["/"])
    if not isinstance(paths, list) or not paths or not all(isinstance(one, str) and PATH.fullmatch(one) for one in paths):
        raise _wrong(path, "site.paths", 'a list of paths that begin with /, such as ["/art/"]', '/ で始まるパスの配列（例：["/art/"]）')
    return ("/",) if "/" in paths else tuple(dict.fromkeys(paths))


def _price(table: Mapping[str, Any], uses: Mapping[Axis, Answer], path: Path) -> Price | None:
    """The price, which stands if and only if a use is offered."""
    section = table.get("price")
    offered = Answer.OFFER in uses.values()
    if section and not offered:
        raise InputError(
            f'{path}: there is a [price], but no use is offered at one. Say "offer" where it applies, or take the price away.',
            f'{path}：[price] がありますが、有償で許諾する利用がありません。該当する利用を "offer" にするか、[price] を削除してください。',
        )
    if not offered:
        return None
    given = section or {}
    price = Price(_text(path, given, "amount"), _text(path, given, "currency"), _text(path, given, "per") or PAYMENTS[0])
    if not AMOUNT.fullmatch(price.amount) or not re.fullmatch("[A-Z]{3}", price.currency) or price.per not in PAYMENTS:
        raise _wrong(
            path,
            "price",
            f'amount = "1200", currency = "JPY" and per = one of {", ".join(PAYMENTS)}',
            f'amount = "1200"、currency = "JPY"、per =（{"、".join(PAYMENTS)} のいずれか）',
        )
    return price


def _certificate(table: Mapping[str, Any], path: Path) -> Certificate | None:
    section = table.get("certificate")
    if section is None:
        return None
    chain, key = _text(path, section, "chain"), _text(path, section, "key")
    if not chain or not key:
        raise _wrong(path, "certificate", "`chain` and `key`, the paths of two PEM files", "PEM ファイルのパス chain と key の両方")
    return Certificate(path.parent / chain, path.parent / key)
