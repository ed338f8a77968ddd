import json
from datetime import date

import pytest
from drawings import drawing, encoded
from PIL import Image

from sekisho.cli import main
from sekisho.desks.screen import screen
from sekisho.errors import InputError, UsageError
from sekisho.model import Verdict
from sekisho.works import Works


@pytest.fixture
def shop(tmp_path, folder):
    """A store with one work for each kind of terms, and a claimant's."""
    store = tmp_path / "store"
    for place, words in enumerate(("no", "ask", "credit", "yes", "offer:JPY:100")):
        assert (
            main(["register", str(folder / f"p{place}.jpg"), "--works", str(store), "--holder", "A", "--terms", words, "--workers", "1"])
            == 0
        )
    for place, words in ((5, "yes"), (6, "no")):
        words_ = [
            "register",
            str(folder / f"p{place}.jpg"),
            "--works",
            str(store),
            "--holder",
            "C",
            "--identity",
            "claimed",
            "--terms",
            words,
        ]
        assert main([*words_, "--workers", "1"]) == 0
    return store


def told(capsys, *words):
    capsys.readouterr()
    code = main([str(word) for word in words])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_without_a_country_the_verdict_is_the_holders_word(shop, folder):
    answers = screen([folder / f"p{place}.jpg" for place in range(8)], works=shop)
    verdicts = [answer.verdict for answer in answers]
    deny, licence, allow, unknown = Verdict.DENY, Verdict.LICENCE, Verdict.ALLOW, Verdict.UNKNOWN
    assert verdicts == [deny, licence, allow, allow, licence, unknown, unknown, allow]


def test_a_credit_is_a_condition(shop, folder):
    [answer] = screen([folder / "p2.jpg"], works=shop)
    assert answer.conditions == (f"credit:{answer.matches[0].work}",)


def test_an_object_has_what_other_programs_rely_on(shop, folder, capsys):
    code, [answer] = told(capsys, "screen", folder / "p0.jpg", "--works", shop, "--json")
    assert code == 1
    assert answer["item"] == str(folder / "p0.jpg")
    assert answer["verdict"] == "deny"
    wanted = {"work", "title", "holder", "terms", "level", "score", "item_region", "work_region", "quad", "fingerprint"}
    assert wanted <= answer["matches"][0].keys()
    assert answer["matches"][0]["level"] == "verbatim"
    assert answer["matches"][0]["item_region"] == [0, 0, 1, 1]


def test_a_list_file_is_read_and_nothing_found_is_clean(shop, folder, tmp_path, capsys):
    (tmp_path / "list").write_text(f"{folder / 'p7.jpg'}\n\n", encoding="utf-8")
    code, [answer] = told(capsys, "screen", f"@{tmp_path / 'list'}", "--works", shop, "--json")
    assert (code, answer["verdict"], answer["matches"]) == (0, "allow", [])


def test_what_cannot_be_read_is_never_allowed(shop, folder, capsys):
    (folder / "p7.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut")
    code, [answer] = told(capsys, "screen", folder / "p7.jpg", "--works", shop, "--json")
    assert (code, answer["verdict"]) == (1, "unknown")
    assert answer["unreadable"]


def test_the_law_is_asked_at_the_stage_of_output(shop, folder):
    def outcome(**facts):
        [answer] = screen([folder / "p1.jpg"], works=shop, jurisdictions=["JP"], on=date(2026, 11, 22), policy="law", known=facts)
        return answer.jurisdictions["JP"]

    assert outcome(access="user").outcome == "licence-required"
    assert outcome(access="no").outcome == "permitted"


def test_public_domain_is_counted_from_the_creators(tmp_path, folder):
    catalogue = folder / "works.csv"
    catalogue.write_text(
        "path,work,holder,terms,creators\np0.jpg,old,A,no,X|||1840-1900\np1.jpg,new,A,no,Y|||1940-2020\n", encoding="utf-8"
    )
    Works.open(tmp_path / "s").register(catalogue=catalogue)
    wanted = {"works": tmp_path / "s", "jurisdictions": ["JP"], "on": date(2026, 11, 22), "policy": "law", "known": {"access": "user"}}
    old, new = screen([folder / "p0.jpg", folder / "p1.jpg"], **wanted)
    assert old.jurisdictions["JP"].verdict is Verdict.ALLOW
    assert new.jurisdictions["JP"].verdict is not Verdict.ALLOW


def test_unknown_facts_runs_and_stores_are_errors(shop, folder, tmp_path):
    with pytest.raises(UsageError):
        list(screen([folder / "p0.jpg"], works=shop, jurisdictions=["JP"], known={"colour": "red"}))
    with pytest.raises(InputError, match="not the folder of a run"):
        list(screen([folder / "p0.jpg"], works=shop, jurisdictions=["JP"], trained_on=tmp_path))
    with pytest.raises(InputError, match="no works store"):
        list(screen([folder / "p0.jpg"], works=tmp_path / "nowhere"))


def test_the_evidence_is_one_picture_a_match_and_a_page(shop, folder, tmp_path, capsys):
    out = tmp_path / "evidence"
    (folder / "p0.jpg").rename(folder / "moved.jpg")
    assert (
        told(capsys, "screen", folder / "moved.jpg", folder / "p1.jpg", folder / "p7.jpg", "--works", shop, "--evidence", out, "--json")[0]
        == 1
    )
    assert sorted(path.name for path in out.iterdir()) == ["00001-1.png", "00002-1.png", "index.html"]
    for path in out.glob("*.png"):
        with Image.open(path) as sheet:
            assert min(sheet.size) > 400
    page = (out / "index.html").read_text("utf-8")
    assert "類似性" in page
    assert "infring" in page


def test_a_page_of_a_volume_is_named(tmp_path, capsys):
    frames = [drawing(seed) for seed in (20, 21, 22)]
    volume = tmp_path / "book.pdf"
    volume.write_bytes(encoded(frames[0], "PDF", save_all=True, append_images=frames[1:]))
    code, lines = told(capsys, "register", volume, "--works", tmp_path / "s", "--holder", "A", "--terms", "no", "--json", "--workers", "1")
    assert code == 0
    assert [line["page"] for line in lines] == [1, 2, 3]
    assert len({line["work"] for line in lines}) == 1
    page = tmp_path / "page.jpg"
    page.write_bytes(encoded(frames[1].resize((300, 225)), "JPEG"))
    [match] = told(capsys, "screen", page, "--works", tmp_path / "s", "--json")[1][0]["matches"]
    assert match["page"] == 2


def test_no_fingerprint_is_in_any_public_answer(shop, folder, capsys):
    works = Works.open(shop)
    with works.store.read() as connection:
        secrets = [row for (row,) in connection.exec_driver_sql("select private from fingerprints where length(private) > 0")]
    capsys.readouterr()
    for words in (
        ["works", "show"],
        ["works", "export"],
        ["works", "export", "--format", "json-ld"],
        ["works", "export", "--format", "opt-out"],
    ):
        assert main([*words, "--works", str(shop)]) == 0
    main(["screen", str(folder / "p0.jpg"), "--works", str(shop), "--json"])
    text = capsys.readouterr().out
    assert secrets
    assert not any(secret.hex() in text for secret in map(bytes, secrets))
    assert '"exported"' not in text
