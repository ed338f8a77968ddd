"""The lines that a run quotes of its observations."""

from datetime import UTC, datetime
from random import Random

import differential
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sekisho import hosts, signals
from sekisho.hosts import citing
from sekisho.model import Ask, Axis, Value
from sekisho.signals.agents import asked

AGENTS = ("GPTBot", "CCBot")


def spoken(tmp_path, bodies, **more):
    rows = {"url": [f"https://h{number}.example/robots.txt" for number in range(len(bodies))], "status": [200] * len(bodies)} | more
    table = pa.table(rows | {"at": [datetime(2026, 1, 1, tzinfo=UTC)] * len(bodies), "body": pa.array(bodies, pa.binary())})
    pq.write_table(table, tmp_path / "observed.parquet")
    seen = hosts.load([tmp_path / "observed.parquet"], Ask(agents=AGENTS))
    return seen, citing.spoken(seen, Ask(agents=AGENTS), Axis.TRAIN).to_pylist()


def numbers(where):
    return {int(number) for number in where.removeprefix("lines").removeprefix("line").split(",") if number.strip().isdecimal()}


def test_the_lines_that_refuse_an_agent_stand_together_with_the_words_that_name_it(tmp_path):
    body = b"User-agent: *\nDisallow:\n\nUser-agent: GPTBot # ours\nUser-agent: ccbot\nAllow: /a\nDisallow: /b\n\nUser-agent: Foo\nDisallow: /\n"
    _, [[one]] = spoken(tmp_path, [body])
    assert one == {
        "protocol": "robots",
        "addressee": "GPTBot, ccbot",
        "axis": "train",
        "value": "deny",
        "where": "lines 4, 5, 7",
        "quote": "User-agent: GPTBot # ours\nUser-agent: ccbot\nDisallow: /b",
    }


def test_a_file_without_a_refusal_is_quoted_with_nothing_and_one_that_failed_with_its_status(tmp_path):
    _, said = spoken(tmp_path, [b"User-agent: *\nAllow: /\n", b"x"], status=[200, 503])
    assert said[0] == []
    assert {(line["where"], line["quote"]) for line in said[1]} == {("status", "503")}


def test_lines_of_extensions_are_quoted_by_their_readers(tmp_path):
    _, [said] = spoken(tmp_path, [b"User-agent: *\nContent-Signal: ai-train=no\nDisallow: /b\n"])
    assert {line["protocol"] for line in said} == {"robots", "content_signal"}


@pytest.mark.parametrize("seed", range(4))
def test_every_line_that_a_reader_finds_refusing_is_cited(tmp_path, seed):
    draw = Random(seed)
    seen, said = spoken(tmp_path, [differential.robots(draw) for _ in range(200)])
    names = {*asked(Ask(agents=AGENTS)), "*"}
    for record, lines in zip(seen.records, said, strict=True):
        denials = [s for s in signals.read(record.location, Ask(agents=AGENTS)) if s.value is Value.DENY and s.addressee in names]
        cited = set().union(*(numbers(line["where"]) for line in lines))
        if not any("..." in line["where"] for line in lines) and len(lines) < 64:
            assert set().union(*(numbers(s.evidence.where) for s in denials)) <= cited
