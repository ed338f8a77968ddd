"""A works store in the main job, whatever it is kept in: a folder, a PostgreSQL server, a snapshot of another's."""

from __future__ import annotations

import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sekisho
from sekisho.errors import RunError
from sekisho.works import Works, snapshot
from sekisho.works.prospects import Dated, by_dates, by_terms

JANUARY, JUNE = date(2026, 1, 5), date(2026, 6, 1)


@pytest.fixture
def registered(store, folder, tmp_path):
    """Eight pictures of one holder: seven may be used, the eighth is for sale; its maker died in 1960."""
    works = Works.open(store)
    works.register(folder, holder="A", terms="yes", on=JANUARY)
    (tmp_path / "list.csv").write_text(
        "work,title,holder,terms,creators,first_published,country,url\n"
        "old,古い絵,B,offer:JPY:100,画家||著者|1890-1960,1925,JP,https://b.jp/old\n"
        "young,新しい絵,B,no,画家||著者|1990-,2020,JP,https://b.jp/young\n",
        "utf-8",
    )
    works.take_in(tmp_path / "list.csv", on=JANUARY)
    return works


def cleared(source, out, store, **more):
    sekisho.clear(source, out, works=store, jurisdictions="JP", on="2026-11-22", workers=1, **more)
    rows = [row for path in sorted(out.glob("*/*.parquet")) for row in pq.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: int(row["sekisho_id"].partition(":")[2]))


def test_files_and_addresses_are_judged_alike_on_both_databases(registered, store, folder, tmp_path):
    rows = cleared(folder, tmp_path / "files", store)
    assert [len(row["sekisho_works"]) for row in rows] == [1] * 8
    assert {row["sekisho_verdict"] for row in rows} == {"allow"}
    pq.write_table(pa.table({"url": ["https://b.jp/old", "https://b.jp/young", "https://c.jp/"]}), tmp_path / "urls.parquet")
    rows = cleared(tmp_path / "urls.parquet", tmp_path / "urls", store, facts={"optout_loc": "no", "crawl": "allow"})
    assert [(row["sekisho_verdict"], row["sekisho_works"]) for row in rows] == [("allow", ["old"]), ("deny", ["young"]), ("allow", None)]
    works = {row["work"]: row for row in pq.read_table(tmp_path / "urls" / "works.parquet").to_pylist()}
    assert dict(works["old"]["public_domain"]) == {"JP": "yes"}
    assert works["young"]["declared"] == JANUARY


def test_what_a_store_promises_is_counted_alike_on_both_databases(registered, store, folder, tmp_path):
    registered.declare(["young"], "credit", on=JUNE)
    assert by_terms(registered.store, JANUARY) == {"no": 1, "ask": 0, "offer": 1, "credit": 0, "yes": 8}
    assert by_terms(registered.store, JUNE) == {"no": 0, "ask": 0, "offer": 1, "credit": 1, "yes": 8}
    assert by_dates(registered.store) == {Dated("JP", "", "1925", (1960,)): 1, Dated("JP", "", "2020", (None,)): 1}
    cleared(folder, tmp_path / "out", store)
    told = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["registered"]
    assert told["freed"] == {"JP": {"free": 1, "unknown": 1}}


def test_a_run_in_this_process_sees_the_store_as_it_is_when_it_begins(registered, store, folder, tmp_path):
    assert {row["sekisho_verdict"] for row in cleared(folder, tmp_path / "one", store)} == {"allow"}
    registered.declare([work.id for work, _ in registered.all()], "no", on=JUNE)
    assert {row["sekisho_verdict"] for row in cleared(folder, tmp_path / "two", store)} == {"deny"}
    with pytest.raises(RunError, match="works changed"):
        sekisho.clear(folder, tmp_path / "one", works=store, jurisdictions="JP", on="2026-11-22", resume=True)


def test_a_lab_clears_with_the_snapshot_that_a_holder_hands_over(registered, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "lab"))
    snapshot.new_key(tmp_path / "key.pem")
    snapshot.write(registered.store, tmp_path / "a.sekisho", snapshot.load_key(tmp_path / "key.pem"))
    rows = cleared(folder, tmp_path / "out", tmp_path / "a.sekisho")
    assert [len(row["sekisho_works"]) for row in rows] == [1] * 8


def test_rows_on_their_way_through_a_pipeline_are_judged_with_the_store(registered, store):
    judge = sekisho.judge(works=store, jurisdictions="JP", on="2026-11-22", facts={"crawl": "allow"})
    answers = judge({"url": ["https://b.jp/young", "https://c.jp/"], "text": ["", "短い"]})
    assert answers["sekisho_works"].to_pylist() == [["young"], None]
    assert answers["sekisho_verdict"].to_pylist()[0] == "deny"
    assert answers["sekisho_language"].to_pylist() == ["und", "ja"]
    assert "sekisho_matches" in answers.column_names
