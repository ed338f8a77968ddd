"""Single answers: the contract of ``law ask``, and the sentences told to a person."""

from datetime import date

from sekisho import law
from sekisho.law.answers import answers
from sekisho.law.telling import told
from sekisho.model import Outcome, Stage, Verdict

PACK = law.pack()
NOW = date(2026, 11, 22)


def ask(jurisdiction, on=NOW, stage=Stage.INGEST, **facts):
    [answer] = answers(PACK, jurisdiction, on, stage, [facts])
    return answer


def lines(answer, lang="en"):
    return "\n".join(line.lang(lang) for line in told(answer))


def test_a_record_has_every_key_that_programs_rely_on():
    record = ask("JP", date(2024, 6, 1), optout_loc="yes", paid_dataset="planned").record("en")
    assert record["jurisdiction"] == "JP"
    assert (record["on"], record["stage"]) == ("2024-06-01", "ingest")
    assert (record["outcome"], record["verdict"], record["rule"]) == ("licence-required", "licence", "JP-03")
    assert (record["confidence"], record["verified"], record["contestable"]) == ("guidance", True, False)
    assert record["citation"].startswith("Copyright Act (Act No. 48 of 1970), Art. 30-4, proviso; General Understanding")
    assert record["conditions"] == []
    assert record["notes"] == []
    assert {"fact": "circumvention", "value": "yes", "outcome": "prohibited", "rule": "JP-01"} in record["sensitive_to"]
    assert record["pack"] == PACK.digest
    assert record["notice"] == "Decision support, not legal advice."


def test_the_spelling_of_the_caller_is_given_back():
    assert ask("GB").record("en")["jurisdiction"] == "GB"


def test_what_is_from_memory_is_not_verified():
    record = ask("JP", optout_loc="yes").record("en")
    assert (record["rule"], record["verified"], record["conditions"]) == ("JP-12", False, ["find-out-paid-dataset"])


def test_where_no_rule_speaks_the_answer_says_so():
    record = ask("SG", date(2001, 1, 1)).record("en")
    assert (record["outcome"], record["verdict"], record["rule"], record["confidence"]) == ("unsettled", "unknown", None, "unsettled")
    assert not record["verified"]
    assert "No rule of the pack speaks" in record["reason"]
    assert "未確定" in ask("SG", date(2001, 1, 1)).reason.ja


def test_what_could_not_be_read_never_means_allow():
    answer = ask("EU", purpose="commercial", lawful_access="yes", optout_loc="unreadable")
    assert (answer.outcome, answer.verdict) == (Outcome.CONDITIONS, Verdict.UNKNOWN)


def test_what_could_not_be_read_does_no_harm_where_it_could_change_nothing():
    assert ask("JP", paid_dataset="no", optout_loc="unreadable").verdict is Verdict.ALLOW


def test_an_unknown_fact_leaves_the_verdict_and_is_listed():
    answer = ask("EU", purpose="commercial", lawful_access="yes")
    assert answer.verdict is Verdict.ALLOW
    assert ("optout_loc", "yes", "EU-06") in [(each.fact, each.value, each.rule) for each in answer.sensitive_to]


def test_a_refusal_in_the_registry_is_told_with_the_reason():
    assert (
        ask("AU", registry_terms="deny").reason.en
        == "No exception covers training. The rights holder has refused this use in the registry."
    )


def test_facts_that_hardly_go_together_are_doubted_aloud():
    [doubt] = ask("JP", circumvention="yes", lawful_access="yes").warnings
    assert "bypassed" in doubt.en
    assert ask("JP", circumvention="yes").warnings == ()


def test_a_day_after_the_pack_was_checked_is_doubted_aloud():
    [doubt] = ask("JP", date(2030, 1, 1)).warnings
    assert "may have changed" in doubt.en


def test_a_person_is_told_rule_source_standing_note_and_what_could_change_it():
    text = lines(ask("DE", purpose="commercial", lawful_access="yes", optout_nl="yes"))
    assert "Germany (DE), 2026-11-22, training: permitted with conditions. Verdict: allow." in text
    assert "Rule DE-02" in text
    assert "Source: OLG Hamburg" in text
    assert "Verified: its source was looked up on 2026-11-22." in text
    assert "Contestable" in text
    assert "To do: Keep proof" in text
    assert "Note DE-N1" in text
    assert "If yes (reserved for AI or mining): licence required by EU-06." in text
    assert text.endswith("Decision support, not legal advice.")


def test_a_person_is_told_the_same_in_japanese():
    text = lines(ask("JP", date(2024, 6, 1), optout_loc="yes"), "ja")
    assert "日本（JP）、2024-06-01、学習段階：条件付きで許される。結論：可。" in text
    assert "要確認：" in text
    assert "不明：情報解析用に販売されるデータベースへの収録（paid_dataset）。" in text
    assert text.endswith("法的助言ではありません。")
