"""The command as a stranger runs it: what may be named, what is refused, what the file then says to ``clear``."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("aiohttp", reason="the extra `observe` is not installed")

from hostile_site import hostile_site
from worlds import all_rows, clear, sekisho

from sekisho.errors import InputError, UsageError
from sekisho.observe.targets import sites

QUICK = ("--allow-private", "--pause", "0", "--timeout", "2")


def test_hosts_addresses_lists_and_data_sets_name_sites_once_each(tmp_path):
    pq.write_table(
        pa.table({"url": ["http://a.example/1", "https://b.example/2", None, "no address", "http://a.example/3"]}), tmp_path / "d.parquet"
    )
    (tmp_path / "e.csv").write_text("id,url\n1,http://c.example/x\n")
    (tmp_path / "list.txt").write_text("# mine\nd.example\nhttp://a.example/pic.png  # again\n")
    found = sites([str(tmp_path / "d.parquet"), str(tmp_path / "e.csv"), f"@{tmp_path / 'list.txt'}", "https://b.example/"])
    assert [site.authority for site in found] == ["http://a.example", "https://b.example", "http://c.example", "https://d.example"]
    assert found[0].urls == ("http://a.example/pic.png",)
    assert found[3].instead == "http://d.example"


@pytest.mark.parametrize("word", ["missing.parquet", "nonsense", "ftp://a.example/", "http://", "@nowhere.txt"])
def test_what_names_no_site_is_refused(word):
    with pytest.raises((UsageError, InputError)):
        sites([word])


def test_without_a_contact_nothing_is_asked(tmp_path):
    with hostile_site() as site:
        done = sekisho("observe", f"http://127.0.0.1:{site.port}", "-o", tmp_path / "o.warc.gz", *QUICK)
        assert done.returncode == 2
        assert "--contact" in done.stderr
        assert site.requests == []


def test_what_was_observed_decides_what_is_cleared(tmp_path):
    with hostile_site() as site:
        host = f"http://127.0.0.1:{site.port}"
        pq.write_table(pa.table({"url": [f"{host}/a.png", f"{host}/no/b.png"]}), tmp_path / "d.parquet")
        words = ("observe", tmp_path / "d.parquet", "-o", tmp_path / "o.warc.gz", "--contact", "a@b.example", *QUICK)
        done = sekisho(*words, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["answers"] == 8
        again = sekisho(*words)
        assert again.returncode == 2
        assert "--resume" in again.stderr
        resumed = sekisho(*words, "--resume", "--json", "--lang", "ja")
        assert json.loads(resumed.stdout)["on_record"] == 8
    clear(tmp_path / "d.parquet", tmp_path / "out", "--jurisdiction", "JP", "--observed", tmp_path / "o.warc.gz")
    assert [row["sekisho_verdict"] for row in all_rows(tmp_path / "out")] == ["allow", "deny"]
