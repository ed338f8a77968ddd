"""The product tokens of AI agents: who operates them, what for, and when that was last looked up; the data is ``agents.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from sekisho.model import Ask, Axis, Text


@dataclass(frozen=True, slots=True)
class Agent:
    """One product token; ``classes`` and ``obeys`` are explained at the head of the data file."""

    token: str
    operator: str
    classes: tuple[str, ...]
    axes: tuple[Axis, ...]
    obeys: str
    note: Text
    last_verified: date

    @property
    def trains(self) -> bool:
        """Whether training is among its declared purposes (classes T, C:T and D(T))."""
        return "T" in self.classes


@cache
def table() -> Mapping[str, Agent]:
    """Every known agent by its token in lower case."""
    entries = tomllib.loads(files(__package__).joinpath("agents.toml").read_text(encoding="utf-8"))["agent"]
    return {agent.token.lower(): agent for agent in map(_agent, entries)}


def _agent(entry: dict[str, Any]) -> Agent:
    note = entry.pop("note", {"en": "", "ja": ""})
    axes = tuple(Axis(axis) for axis in entry.pop("axes"))
    return Agent(classes=tuple(entry.pop("classes")), axes=axes, note=Text(**note), **entry)


@cache
def training_tokens() -> tuple[str, ...]:
    """The tokens whose declared purpose is training: those asked when the caller names none (``any-training``)."""
    return tuple(agent.token for agent in table().values() if agent.trains)


def asked(ask: Ask) -> tuple[str, ...]:
    """The tokens that ``ask`` is about."""
    return ask.agents or training_tokens()


def axes(token: str) -> tuple[Axis, ...]:
    """The uses that a refusal of ``token`` refuses; a token that nobody has declared stands for what we ask about, training."""
    known = table().get(token.lower())
    return known.axes if known else (Axis.TRAIN,)


def spelled(token: str) -> str:
    """``token`` as its operator spells it, where it is known."""
    known = table().get(token.lower())
    return known.token if known else token
