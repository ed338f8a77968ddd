"""The policy file of a team, ``sekisho.toml``, under version control: what every run asks unless the command line says otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sekisho.errors import InputError, UsageError

FILE = "sekisho.toml"
LISTS = {"jurisdictions": "jurisdiction", "agents": "agent", "observed": "observed", "tables": "facts"}
"""Key of the file → option of the command, where the value is a list of texts."""
WORDS = ("purpose", "policy", "assume", "url_column", "pack")
KNOWN = (*LISTS, *WORDS, "facts", "on", "hindsight", "workers")


def read(path: Path) -> dict[str, Any]:
    """The options of the command that ``path`` sets, by their names on the command line; raises InputError or UsageError naming the key."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", f"{path} を読めません：{error}") from error
    unknown = sorted(set(table) - set(KNOWN))
    if unknown:
        known = ", ".join(KNOWN)
        raise UsageError(
            f"{path}: unknown key `{unknown[0]}`. Known: {known}.", f"{path}：キー「{unknown[0]}」は使えません。使えるキー：{known}"
        )
    return {name: value for key in table for name, value in _option(path, key, table).items()}


def _option(path: Path, key: str, table: Mapping[str, Any]) -> dict[str, Any]:
    value: Any = table[key]
    if key in LISTS:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise _wrong(path, key, "a list of texts", "文字列の配列")
        words = [str(each) for each in value]
        paths = [str(path.parent / word) for word in words] if key in {"observed", "tables"} else words
        return {LISTS[key]: ",".join(words) if key == "jurisdictions" else paths}
    if key == "facts":
        if not isinstance(value, dict):
            raise _wrong(path, key, "a table of fact = value", "「事実 = 値」の表")
        return {"fact": [f"{name}={each}" for name, each in value.items()]}
    wanted = {"on": date, "hindsight": bool, "workers": int}.get(key, str)
    if not isinstance(value, wanted):
        raise _wrong(path, key, f"a {wanted.__name__}", f"{wanted.__name__} 型の値")
    return {key: str(path.parent / str(value)) if key == "pack" else value}


def _wrong(path: Path, key: str, en: str, ja: str) -> UsageError:
    return UsageError(f"{path}: `{key}` takes {en}.", f"{path}：「{key}」には{ja}を指定してください。")
