"""What a store's owner can set: how sure a match must be, and when a work that matches too much is set apart."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from sqlalchemy import Connection, delete, insert, select

from sekisho.errors import UsageError
from sekisho.works.schema import settings
from sekisho.works.store import Store


@dataclass(frozen=True, slots=True)
class Settings:
    """``docs/works.md`` shows what the thresholds cost and bring."""

    threshold: float = 0.3
    """The least score that is told."""
    sure: float = 0.5
    """The least score from which the holder's terms decide; below it the answer is unknown."""
    flood_share: float = 0.2
    """A work that matches more than this share of the last different items is set apart."""
    flood_after: float = 100
    """So many different items are seen before anything is set apart."""


def read(store: Store) -> Settings:
    """The settings of ``store``."""
    with store.read() as connection:
        kept = {name: float(value) for name, value in connection.execute(select(settings)) if name in names()}
    return Settings(**kept)


def names() -> list[str]:
    """What can be set."""
    return [field.name for field in fields(Settings)]


def change(store: Store, name: str, value: str) -> None:
    """Set one of them; raises UsageError for an unknown name, or a value that is not between 0 and 1 where it is a share."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if name not in names() or not 0 <= number <= (math.inf if name == "flood_after" else 1):
        raise UsageError(
            f"{name}={value} cannot be set. Known are {', '.join(names())}; all but flood_after lie between 0 and 1.",
            f"{name}={value} は設定できません。設定できるのは {', '.join(names())} で、flood_after 以外は 0 から 1 です。",
        )

    def replace(connection: Connection) -> None:
        connection.execute(delete(settings).where(settings.c.name == name))
        connection.execute(insert(settings).values(name=name, value=repr(number)))

    store.write(replace)
