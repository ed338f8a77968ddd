"""Every install can test itself."""

from __future__ import annotations

import json

from worlds import sekisho


def test_selftest_runs_vectors_and_cases_and_finds_nothing_wrong():
    done = sekisho("selftest", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["wrong"]) == (0, [])
    assert found["vectors"] > 200
    assert found["cases"] > 100
