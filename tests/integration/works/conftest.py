"""Stores to test against: a folder, and a database of a PostgreSQL server that is started for the run."""

from __future__ import annotations

import pytest
from drawings import drawing, encoded
from postgres import Server, programs


@pytest.fixture(scope="session")
def postgresql():
    """The running server; skipped where it is not installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    server = Server(found)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path, monkeypatch):
    """The folder or URL of a store that is not there yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return str(tmp_path / "store") if request.param == "sqlite" else request.getfixturevalue("postgresql").new_database()


@pytest.fixture
def folder(tmp_path):
    """Eight different pictures."""
    made = tmp_path / "pictures"
    made.mkdir()
    for seed in range(8):
        (made / f"p{seed}.jpg").write_bytes(encoded(drawing(seed), "JPEG", quality=90))
    return made
