"""Our own law pack: complete, consistent, exercised by cases and freshly checked."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from sekisho import law
from sekisho.errors import UsageError
from sekisho.law import checks, history, loading, scenarios
from sekisho.model import Stage

PACK = law.pack()
FOLDER = Path(loading.__file__).parent
ENTRIES = [entry for file in PACK.files.values() for entry in file.entries]
CASES = scenarios.read(scenarios.own_folder())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file} {case.id}")
def test_the_law_answers_each_case_as_written(case):
    assert [f"{trial.expectation.on} {trial.result}" for trial in scenarios.trials(PACK, [case])] == [
        f"{expected.on} {expected.result}" for expected in case.expected
    ]


def test_nothing_is_wrong_with_the_pack_and_nothing_was_checked_more_than_a_year_ago():
    assert checks.findings(PACK, CASES, date.today()) == []  # noqa: DTZ011 - the day on which the tests run


def test_a_year_later_every_rule_asks_to_be_checked_again():
    later = max(entry.checked.on for entry in ENTRIES) + timedelta(400)
    stale = [text.en for text in checks.findings(PACK, CASES, later)]
    assert len(stale) == len(ENTRIES)
    assert "more than a year ago" in stale[0]


def test_without_cases_every_rule_and_every_turning_day_is_missed():
    missing = [text.en for text in checks.findings(PACK, [], PACK.dated)]
    assert "No case exercises JP-13." in missing
    assert "No case has the day before and the day itself for JP-05 on 2024-03-15." in missing


def test_case_ids_are_told_apart():
    assert len({case.id for case in CASES}) == len(CASES)


def test_fourteen_jurisdictions_can_be_asked_and_great_britain_by_both_its_codes():
    assert sorted(PACK.jurisdictions) == ["AU", "CA", "CH", "CN", "DE", "EU", "FR", "IL", "IN", "JP", "KR", "SG", "UK", "US"]
    assert PACK.jurisdiction("GB") is PACK.jurisdiction("uk")


def test_germany_speaks_before_the_union_and_the_common_rules_before_both():
    ids = [rule.id for rule in PACK.rules("DE", date(2026, 1, 1), Stage.INGEST)]
    assert ids[:1] == ["U-01"]
    assert ids.index("U-05") < ids.index("DE-01") < ids.index("EU-01")
    assert "DE-01" not in [rule.id for rule in PACK.rules("FR", date(2026, 1, 1), Stage.INGEST)]


def test_an_unknown_country_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="'XX'; known: AU, CA"):
        PACK.jurisdiction("XX")


def test_a_day_before_the_pack_is_refused_with_the_first_day():
    with pytest.raises(UsageError, match="begins on 1900-01-01"):
        PACK.rules("JP", date(1899, 12, 31), Stage.INGEST)


def test_every_turning_day_since_2010_has_its_event():
    steps = history.steps(PACK, date(2009, 12, 31), PACK.dated)
    assert [f"{step.on} {step.jurisdiction}" for step in steps if (step.began or step.ended) and not step.events] == []


def test_events_name_files_of_the_pack():
    assert {event.jurisdiction for event in history.timeline()} <= set(PACK.files)


def test_a_case_law_rule_whose_source_says_that_it_is_open_is_marked_contestable():
    for rule in (rule for file in PACK.files.values() for rule in file.rules):
        assert rule.contestable == bool(re.search(r"not final|appeal|pending", rule.citation.en)), rule.id


def test_a_verified_rule_cites_something_that_was_read():
    for entry in ENTRIES:
        assert not entry.verified or any(citation.source.read for citation in entry.citations), entry.id


def test_every_condition_is_set_by_some_rule():
    used = {condition.code for file in PACK.files.values() for rule in file.rules for condition in rule.conditions}
    assert used == set(loading.conditions())


def test_every_source_is_cited():
    for path in FOLDER.glob("*.toml"):
        text = path.read_text("utf-8")
        for name in re.findall(r"^\[source\.(.+)\]$", text, re.MULTILINE):
            assert f'source = "{name}"' in text, f"{path.name}: {name}"


def test_japanese_texts_are_japanese_and_use_full_width_brackets():
    for path in FOLDER.glob("*.toml"):
        for words in re.findall(r'ja = "([^"]*)"', path.read_text("utf-8")):
            assert re.search(r"[぀-ヿ一-鿿]", words), f"{path.name}: {words}"
            assert not re.search(r"\([^()]*[぀-ヿ一-鿿]", words), f"{path.name}: {words}"


def test_the_digest_follows_the_content(tmp_path):
    (tmp_path / "xx.toml").write_text(OWN, "utf-8")
    with_own = law.pack(tmp_path)
    assert with_own.digest != PACK.digest
    assert "XX" in with_own.jurisdictions
    rulings = law.evaluate(with_own, "XX", date(2026, 1, 1), Stage.INGEST, law.columns([{}]))
    assert rulings.rule_of(0).id == "XX-01"


OWN = """
name = { en = "Elsewhere", ja = "ある国" }
inherits = "GENERAL"
[source.act]
title = { en = "Act", ja = "法律" }
[[rule]]
id = "XX-01"
name = { en = "Everything", ja = "すべて" }
from = 2000-01-01
status = "enacted"
authority = "statute"
stage = "ingest"
outcome = "licence-required"
cite = [{ source = "act" }]
reason = { en = "So it is.", ja = "そうである。" }
checked = { on = 2026-11-22, how = "looked-up" }
"""
