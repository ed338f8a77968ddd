"""A C2PA manifest store opened by the official library, which an extra brings; never fetches anything."""

from __future__ import annotations

import importlib
import io
import json
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

OFFLINE = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
NO_FAULT = {"signingCredential.untrusted", "cawg.x509.credential.untrusted"}
"""Failures that say who is not known, not that something was altered."""


class Store(NamedTuple):
    """The manifests by label, the label of the one that speaks for the file, and ``Trusted``, ``Valid`` or ``Invalid``."""

    manifests: dict[str, Any]
    active: str
    state: str


class Unread(NamedTuple):
    """Why a store was not read: warnings, and words for people."""

    warnings: tuple[str, ...]
    reason: str


def opened(body: bytes, media: str, trust_anchors: str) -> Store | Unread:
    """The manifest store in the file ``body``; signatures count as trusted when a certificate of the PEM text ``trust_anchors`` stands behind them."""
    try:
        library = importlib.import_module("c2pa")
    except (ImportError, OSError):
        return Unread(("missing-extra", "extra=c2pa"), "pip install 'sekisho[c2pa]'")
    try:
        with library.Reader(media, io.BytesIO(body), context=_context(library, trust_anchors)) as reader:
            found = json.loads(reader.json())
    except (library.C2paError, ValueError, RecursionError) as error:
        return Unread(("malformed",), str(error))
    return Store(found.get("manifests", {}), found.get("active_manifest", ""), found.get("validation_state", "Invalid"))


@lru_cache(maxsize=4)
def _context(library: ModuleType, trust_anchors: str) -> Any:
    trust = {"trust": {"trust_anchors": trust_anchors}, "cawg_trust": {"trust_anchors": trust_anchors}} if trust_anchors else {}
    return library.Context.from_dict({**OFFLINE, **trust})


def parents(store: Store) -> list[str]:
    """The labels of the active manifest and of what it was made from, nearest first."""
    line: list[str] = []
    label = store.active
    while label in store.manifests and label not in line:
        line.append(label)
        label = next((one.get("active_manifest", "") for one in ingredients(store, label, "parentOf")), "")
    return line


def ingredients(store: Store, label: str, relationship: str) -> list[dict[str, Any]]:
    """The ingredients of one manifest that stand in ``relationship`` to it and have a manifest of their own here."""
    listed = store.manifests[label].get("ingredients", [])
    return [one for one in listed if one.get("relationship") == relationship and one.get("active_manifest") in store.manifests]


def is_altered(ingredient: dict[str, Any]) -> bool:
    """Whether an ingredient failed its validation for more than an unknown signer."""
    failures = ingredient.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    return any(failure.get("code") not in NO_FAULT for failure in failures)
