"""Terms at another address, from the command line: heard when they are on record, named when they are not."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
from worlds import all_rows, clear, sekisho

TERMS = "https://terms.example/rsl.xml"
RSL = b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/novel/"><license><prohibits type="usage">ai-train</prohibits></license></content></rsl>'


def robots(terms):
    return f"User-agent: *\nAllow: /\nLicense: {terms}\n".encode()


def test_terms_on_record_decide_and_terms_that_are_not_are_named(tmp_path):
    bodies = {"https://a.example/robots.txt": robots(TERMS), TERMS: RSL, "https://b.example/robots.txt": robots("https://b.example/t.xml")}
    at = datetime(2026, 11, 1, tzinfo=UTC)
    observed = [{"url": url, "at": at, "status": 200, "body": body} for url, body in bodies.items()]
    pq.write_table(pa.Table.from_pylist(observed), tmp_path / "o.parquet")
    pq.write_table(pa.table({"url": ["https://a.example/novel/1", "https://b.example/1"]}), tmp_path / "d.parquet")
    clear(tmp_path / "d.parquet", tmp_path / "out", "--jurisdiction", "JP", "--observed", tmp_path / "o.parquet")
    assert [row["sekisho_verdict"] for row in all_rows(tmp_path / "out")] == ["deny", "unknown"]
    assert f"{TERMS}, seen 2026-11-01" in sekisho("explain", tmp_path / "out", "0:0").stdout
    assert "https://b.example/t.xml are not on record" in sekisho("explain", tmp_path / "out", "0:1").stdout
    assert "https://b.example/t.xml の条件は記録にありません" in sekisho("explain", tmp_path / "out", "0:1", "--lang", "ja").stdout
