"""Finds the parts lying in a folder, and those that installed plug-ins offer under the same name.

A part is a plain module with a ``SPEC``; nothing registers it and no list is edited.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType


@cache
def parts(package: str) -> dict[str, ModuleType]:
    """The parts of ``package`` (``"sekisho.signals"``) by name, in alphabetical order; plug-ins come from the entry-point group of that name.

    A module of the folder without a ``SPEC`` is shared ground for its neighbours, not a part.
    """
    folder = importlib.import_module(package)
    found = {name: importlib.import_module(f"{package}.{name}") for _, name, _ in pkgutil.iter_modules(folder.__path__)}
    found |= {entry.name: entry.load() for entry in entry_points(group=package)}
    return {name: part for name, part in sorted(found.items()) if hasattr(part, "SPEC")}
