"""Law files are read strictly: each mistake is refused with the file, the rule and the word."""

import re
from datetime import date

import pytest

from sekisho.errors import LawError
from sekisho.law import loading, packs
from sekisho.model import Stage

GOOD = """
name = { en = "Elsewhere", ja = "ある国" }
[source.act]
title = { en = "Act", ja = "法律" }
address = "https://law.example/"
read = 2026-11-22
[[rule]]
id = "XX-01"
name = { en = "Bypassing", ja = "回避" }
from = 2000-01-01
until = 2020-12-31
status = "enacted"
authority = "statute"
stage = "ingest"
when = { circumvention = "yes" }
unless = { purpose = ["research", "noncommercial"] }
outcome = "permitted-with-conditions"
conditions = ["attribution"]
cite = [{ source = "act", place = { en = "Art. 1", ja = "第1条" } }]
reason = { en = "Because.", ja = "理由。" }
checked = { on = 2026-11-22, how = "looked-up" }
[[note]]
id = "XX-N1"
from = 2001-01-01
stage = "output"
cite = [{ source = "act" }]
text = { en = "Note.", ja = "注記。" }
checked = { on = 2026-11-22, how = "to-be-confirmed" }
"""
SECOND = GOOD[GOOD.index("[[rule]]") : GOOD.index("[[note]]")].replace("XX-01", "XX-02")

MISTAKES = {
    "a key that nobody knows": ("status =", "satus =", "XX-01: status is missing"),
    "a key too many": ("[[note]]", "effect = 1\n[[note]]", "XX-01: unknown key: effect"),
    "a key too many on top": ("[source.act]", "colour = 1\n[source.act]", "unknown key: colour"),
    "an unknown status": ('"enacted"', '"passed"', "status has the unknown word 'passed'; known: enacted, draft"),
    "an unknown authority": ('"statute"', '"law"', "authority has the unknown word 'law'"),
    "an unknown stage": ('"ingest"', '"train"', "stage has the unknown word 'train'; known: ingest, output"),
    "an unknown outcome": ('"permitted-with-conditions"', '"maybe"', "outcome has the unknown word 'maybe'"),
    "an unknown fact": ("circumvention =", "bypass =", "XX-01, when: fact has the unknown word 'bypass'"),
    "an unknown value": (
        'circumvention = "yes"',
        'circumvention = "maybe"',
        "circumvention has the unknown word 'maybe'; known: unknown, yes, no",
    ),
    "a condition on what cannot be read": ('circumvention = "yes"', 'pd = "unreadable"', "pd has the unknown word 'unreadable'"),
    "a fact in when and in unless": ("circumvention =", "purpose =", "purpose"),
    "a fact without a value": ('circumvention = "yes"', "circumvention = []", "circumvention has no value"),
    "no citation": ('cite = [{ source = "act", place = { en = "Art. 1", ja = "第1条" } }]', "", "XX-01: cite is missing"),
    "an unknown source": ('source = "act", place', 'source = "code", place', "source has the unknown word 'code'; known: act"),
    "from after until": ("until = 2020-12-31", "until = 1999-12-31", "until .1999-12-31. lies before from .2000-01-01."),
    "a time where a day is meant": ("from = 2000-01-01\n", "from = 2000-01-01T00:00:00\n", "from must be a date without a time"),
    "a day in quotes": ("from = 2000-01-01\n", 'from = "2000-01-01"\n', "from is of the wrong kind"),
    "English without Japanese": (
        'reason = { en = "Because.", ja = "理由。" }',
        'reason = { en = "Because." }',
        "XX-01, reason: ja is missing",
    ),
    "empty words": ('"理由。"', '" "', "XX-01, reason: ja is empty"),
    "an unknown condition": ('["attribution"]', '["thanks"]', "conditions has the unknown word 'thanks'"),
    "conditions where there are none": (
        'outcome = "permitted-with-conditions"',
        'outcome = "permitted"',
        "conditions belong to permitted-with-conditions",
    ),
    "a permission without its conditions": ('conditions = ["attribution"]\n', "", "conditions belong to permitted-with-conditions"),
    "an unknown way of checking": ('"looked-up"', '"guessed"', "how has the unknown word 'guessed'"),
    "a flag that is no flag": ("[[note]]", 'contestable = "no"\n[[note]]', "contestable is of the wrong kind"),
    "rules that are no list": ("[[rule]]", "[rule]", "rule is of the wrong kind"),
    "no TOML at all": ("[[rule]]", "[[rule", "cannot be read as TOML"),
}


def write(folder, text, name="xx.toml"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_good_file_is_read_whole(tmp_path):
    file = loading.law_file(write(tmp_path, GOOD))
    [rule], [note] = file.rules, file.notes
    assert (file.code, rule.citation.en, rule.citation.ja) == ("XX", "Act, Art. 1", "法律第1条")
    assert rule.verified
    assert not note.verified
    assert rule.unless == {"purpose": ("research", "noncommercial")}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_file_rule_and_word(tmp_path, mistake):
    right, wrong, message = MISTAKES[mistake]
    assert GOOD.count(right) >= 1
    with pytest.raises(LawError) as caught:
        loading.law_file(write(tmp_path, GOOD.replace(right, wrong, 1)))
    assert re.search(message, caught.value.en), caught.value.en
    assert "xx.toml" in caught.value.en
    assert re.search(r"[぀-ヿ一-鿿]", caught.value.ja)


def test_a_file_that_is_not_utf8_is_refused_by_name(tmp_path):
    path = tmp_path / "xx.toml"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(LawError, match=r"xx\.toml: cannot be read as TOML"):
        loading.law_file(path)


TOGETHER = {
    "an id used twice": (GOOD + SECOND.replace("XX-02", "XX-01"), "XX-01 is used twice"),
    "an id of ours": (GOOD.replace("XX-01", "JP-13"), "JP-13 is used twice, also in jp.toml"),
    "an unknown ancestor": (GOOD.replace("[source.act]", 'inherits = "ROME"\n[source.act]'), "inherits has the unknown word 'ROME'"),
    "a rule under an equal one": (GOOD + SECOND, "XX-02 can never decide"),
    "a rule that the common rules always forestall": (GOOD.replace('circumvention = "yes"', 'pd = "yes"'), "XX-01 can never decide"),
}


@pytest.mark.parametrize("mistake", TOGETHER)
def test_files_that_contradict_one_another_are_refused(tmp_path, mistake):
    text, message = TOGETHER[mistake]
    write(tmp_path, text)
    with pytest.raises(LawError, match=re.escape(message)):
        packs.pack(tmp_path)


def test_a_second_file_for_a_country_that_we_have_is_refused(tmp_path):
    write(tmp_path, GOOD, "jp.toml")
    with pytest.raises(LawError, match="JP is already in the law pack"):
        packs.pack(tmp_path)


def test_a_draft_never_decides_and_silences_nobody(tmp_path):
    draft = GOOD.replace("enacted", "draft") + SECOND
    write(tmp_path, draft)
    assert [rule.id for rule in packs.pack(tmp_path).rules("XX", date(2010, 1, 1), Stage.INGEST) if rule.id.startswith("XX")] == ["XX-02"]
