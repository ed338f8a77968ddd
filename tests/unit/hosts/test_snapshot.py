"""The host table kept from run to run."""

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sekisho import hosts
from sekisho.hosts import Sources, snapshot
from sekisho.model import Ask, Axis

ROBOTS = b"User-agent: *\nDisallow: /private/\n"


@pytest.fixture
def sources(tmp_path):
    def made(body=ROBOTS):
        rows = {"url": ["https://a.example/robots.txt", "https://a.example/x"], "status": [200, 200], "body": [body, b"\x89PNG"]}
        moments = pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * 2)
        pq.write_table(pa.table(rows | {"at": moments}), tmp_path / "observed.parquet")
        return Sources((tmp_path / "observed.parquet",), (), Ask(), date(2026, 6, 1))

    return made


def same(one, other):
    arrays = zip(one.table.arrays, other.table.arrays, strict=True)
    assert all(np.array_equal(a, b) for a, b in arrays)
    assert one.table.roots == other.table.roots
    assert one.table.sayings == other.table.sayings
    assert one.seen.records == other.seen.records
    assert one.seen.digest == other.seen.digest


def test_a_snapshot_holds_what_was_compiled(tmp_path, sources):
    made = hosts.opened(sources(), tmp_path / "kept", worth=0)
    assert isinstance(made.table.arrays.texts.base, np.memmap)
    same(made, hosts.opened(sources(), tmp_path / "unkept", worth=9))


def test_other_observations_have_another_snapshot(tmp_path, sources):
    hosts.opened(sources(), tmp_path / "kept", worth=0)
    changed = hosts.opened(sources(b"User-agent: *\nDisallow: /\n"), tmp_path / "kept", worth=0)
    assert len(list((tmp_path / "kept").iterdir())) == 2
    assert changed.seen.records[0].location.body.endswith(b"/\n")


@pytest.mark.parametrize("harm", ["cut", "gone", "empty"])
def test_a_damaged_snapshot_is_compiled_again(tmp_path, sources, harm):
    hosts.opened(sources(), tmp_path / "kept", worth=0)
    [folder] = (tmp_path / "kept").iterdir()
    rules = folder / ("rules.npy" if harm != "cut" else "records.arrow")
    rules.unlink() if harm == "gone" else rules.write_bytes(b"" if harm == "empty" else rules.read_bytes()[:100])
    snapshot._known.cache_clear()
    same(hosts.opened(sources(), tmp_path / "kept", worth=0), hosts.opened(sources(), tmp_path / "unkept", worth=9))


def test_where_nothing_can_be_written_the_table_is_compiled_in_memory(tmp_path, sources):
    (tmp_path / "file").write_text("")
    found = hosts.opened(sources(), tmp_path / "file" / "kept", worth=0)
    assert len(found.seen.records) == 2


def test_the_lines_that_spoke_are_kept_beside_it(tmp_path, sources):
    known = hosts.opened(sources(), tmp_path / "kept", worth=0)
    first = hosts.spoken(sources(), known.seen, Axis.TRAIN, tmp_path / "kept")
    [folder] = (tmp_path / "kept").iterdir()
    assert (folder / "spoken-train.arrow").exists()
    assert hosts.spoken(sources(), known.seen, Axis.TRAIN, tmp_path / "kept").equals(first)
    assert first.to_pylist()[0][0]["where"] == "lines 1, 2"
