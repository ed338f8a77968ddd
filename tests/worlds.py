"""A small recorded world: five hosts, their robots.txt and a few answers, as Parquet and as WARC."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime

import pyarrow.parquet as pq

SEEN = datetime(2024, 3, 1, tzinfo=UTC)
WORLD = [
    ("http://open.example/robots.txt", 200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /private/\n"),
    ("https://no.example/robots.txt", 200, {"Content-Type": "text/plain"}, b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n"),
    ("https://silent.example/robots.txt", 404, {}, b""),
    ("https://ill.example/robots.txt", 503, {}, b"try later"),
    ("https://open.example:8443/robots.txt", 200, {"Content-Type": "text/plain"}, b""),
    ("https://silent.example/tagged", 200, {"Content-Type": "image/png", "X-Robots-Tag": "noai"}, b"\x89PNG"),
]
ROWS = [
    ("http://open.example/a.png", "allow"),
    ("http://open.example/private/b.png", "deny"),
    ("https://open.example/c.png", "allow"),
    ("https://open.example:8443/d.png", "allow"),
    ("https://no.example/e.png", "deny"),
    ("https://silent.example/f.png", "allow"),
    ("https://silent.example/tagged", "deny"),
    ("https://ill.example/g.png", "unknown"),
    ("https://never.example/h.png", "unknown"),
    ("not a url", "unknown"),
]


def warc(records):
    """The observations as one gzipped WARC."""
    return b"".join(_record(*record) for record in records)


def _record(url, status, headers, body):
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Content-Length": len(body)}.items())
    http = f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {SEEN:%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{abs(hash(url)) % 10**12:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n")


def sekisho(*words):
    """The command as a stranger runs it."""
    return subprocess.run([sys.executable, "-m", "sekisho", *map(str, words)], capture_output=True, text=True, check=False, timeout=120)


def clear(*words):
    """``sekisho clear --json`` with its object; fails the test when it ends in an error."""
    done = sekisho("clear", *words, "--json", "--on", "2026-11-22")
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(done.stdout)


def all_rows(out):
    """Every row of a run, in the input's order."""
    found = [
        row for side in ("kept", "left_out") for path in sorted((out / side).glob("*.parquet")) for row in pq.read_table(path).to_pylist()
    ]
    return sorted(found, key=lambda row: tuple(map(int, row["sekisho_id"].split(":"))))
