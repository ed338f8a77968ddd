"""Small files that would be huge: memory stays bounded, and nothing unread becomes an allow."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
from worlds import all_rows, warc

MEMORY_BYTES = 3 << 30
"""Address space of the process: the libraries alone map over one gigabyte."""


def clear_within(limit, *words):
    script = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}));"
        "from sekisho.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "clear", *map(str, words), "--workers", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in {0, 1}, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def bomb(megabytes, fill=b"0"):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(fill * (1 << 20)) for _ in range(megabytes)), packer.flush()])


def test_a_robots_answer_that_unpacks_to_gigabytes_is_bounded(tmp_path):
    headers = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
    recorded = tmp_path / "bomb.warc.gz"
    recorded.write_bytes(warc([("http://open.example/robots.txt", 200, headers, bomb(40, b"User-agent: *\nDisallow: /\n#\n".ljust(32)))]))
    data = tmp_path / "d.csv"
    data.write_text("url\nhttp://open.example/a\n")
    clear_within(MEMORY_BYTES, data, tmp_path / "out", "--observed", recorded)
    assert all_rows(tmp_path / "out")[0]["sekisho_verdict"] != "allow"


def test_a_line_of_json_without_end_is_one_unreadable_row(tmp_path, world):
    data = tmp_path / "d.jsonl.gz"
    good = b'{"url": "http://open.example/a"}\n'
    data.write_bytes(gzip.compress(good) + bomb(600, b"[") + gzip.compress(b"\n" + good))
    clear_within(MEMORY_BYTES, data, tmp_path / "out", "--observed", world)
    found = all_rows(tmp_path / "out")
    assert [row["sekisho_verdict"] for row in found] == ["allow", "unknown", "allow"]
    assert "longer than" in found[1]["sekisho_reason"]


def test_rows_that_go_through_do_not_stay_in_memory(tmp_path, world):
    path = tmp_path / "rows.parquet"
    text = "x" * 200_000
    schema = pa.schema([("url", pa.string()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=["url"]) as writer:
        for group in range(5):
            urls = [f"http://open.example/{group}/{row}" for row in range(4_000)]
            writer.write_table(pa.table({"url": urls, "text": [f"{row}{text}" for row in range(4_000)]}, schema=schema))
    assert clear_within(MEMORY_BYTES, path, tmp_path / "out", "--observed", world)["kept"] == 20_000
