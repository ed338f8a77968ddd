"""Facts that the user brings as a table, through ``clear``."""

from __future__ import annotations

import pytest
from worlds import all_rows, clear, sekisho

HEAD = "host,url,fact,value,by,date\n"


def verdicts(tmp_path, rows, world, lines, *more):
    table = tmp_path / "facts.csv"
    table.write_text(HEAD + lines)
    clear(rows, tmp_path / "out", "--observed", world, "--facts", table, "--jurisdiction", "JP,EU", *more)
    return {row["URL"]: (row["sekisho_verdict"], row["sekisho_reason"]) for row in all_rows(tmp_path / "out")}


def test_an_opt_out_list_refuses_the_host_it_names_and_no_other(tmp_path, rows, world):
    found = verdicts(tmp_path, rows, world, "open.example,,registry_terms,deny,the list,2025-01-01\n")
    assert found["http://open.example/a.png"] == ("deny", "P-HOLDER")
    assert found["https://open.example:8443/d.png"] == ("deny", "P-HOLDER")
    assert found["https://silent.example/f.png"][0] == "allow"


def test_a_star_covers_everything_below_a_host(tmp_path, rows, world):
    found = verdicts(tmp_path, rows, world, "*.example,,paid_dataset,yes,,\n", "--policy", "law")
    assert found["http://open.example/a.png"] == ("licence", "JP-02")


def test_a_url_prefix_covers_what_begins_with_it(tmp_path, rows, world):
    found = verdicts(tmp_path, rows, world, ",http://open.example/a,source_infringing,known,,\n")
    assert found["http://open.example/a.png"] == ("deny", "P-SOURCE")
    assert found["https://open.example/c.png"][0] == "allow"


def test_a_grant_lifts_a_reservation(tmp_path, rows, world):
    found = verdicts(
        tmp_path, rows, world, "no.example,,grant,yes,contract 7,2025-05-01\nno.example,,licence_covers,yes,contract 7,2025-05-01\n"
    )
    assert found["https://no.example/e.png"][0] == "allow"


def test_what_was_learned_after_the_day_of_use_does_not_count(tmp_path, rows, world):
    found = verdicts(tmp_path, rows, world, "open.example,,registry_terms,deny,,2026-11-23\n")
    assert found["http://open.example/a.png"][0] == "allow"


def test_of_two_rows_about_one_item_the_stricter_counts_whatever_their_order(tmp_path, rows, world):
    lines = ["open.example,,registry_terms,allow,,\n", "*.example,,registry_terms,deny,,\n"]
    for number, order in enumerate((lines, lines[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert verdicts(folder, rows, world, "".join(order))["http://open.example/a.png"][0] == "deny"


@pytest.mark.parametrize(
    "line", ["open.example,,colour,red,,\n", "open.example,,pd,perhaps,,\n", ",,pd,yes,,\n", ",not a url,pd,yes,,\n", "a,,pd,yes,,soon\n"]
)
def test_a_row_that_cannot_be_meant_is_refused_with_its_number(tmp_path, rows, line):
    table = tmp_path / "facts.csv"
    table.write_text(HEAD + line)
    done = sekisho("clear", rows, tmp_path / "out", "--facts", table)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "row 2" in done.stderr or "no value" in done.stderr
