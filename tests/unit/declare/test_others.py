"""What is declared is read by others as it was meant: exiftool, the C2PA library, Google's robots.txt parser, a schema of RSL, real servers."""

import io
import json
import re
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media_files import DENIAL, gif, jpeg, pdf, picture, png, webp
from PIL import Image

from sekisho.declare import robots, rsl
from sekisho.declare.copies import copies
from sekisho.declare.desk import site_files
from sekisho.declare.terms import Answer, Certificate, Price, Terms
from sekisho.errors import InputError
from sekisho.model import Axis
from sekisho.signals.agents import table

PRODUCT = re.compile("[A-Za-z_-]+")
ALL = (Axis.TRAIN, Axis.TRAIN_NONGEN, Axis.AI_USE, Axis.TDM, Axis.SEARCH)
FORMS = {"a.jpg": jpeg, "b.png": png, "c.webp": webp, "d.tif": lambda _=None: picture("TIFF"), "e.pdf": pdf}
exiftool = pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed (libimage-exiftool-perl)")


def terms(paths=("/",), certificate=None, **uses):
    said = {Axis(name): Answer(word) for name, word in uses.items()}
    price = Price("1200", "JPY", "training") if Answer.OFFER in said.values() else None
    return Terms(
        "アオイ & Söhne", "rights@aoi.example", "https://aoi.example/licence", "https://aoi.example", paths, said, price, certificate
    )


NO = {"train": "no", "train_nongen": "no", "ai_use": "no", "tdm": "no"}
ASK = dict.fromkeys(NO, "ask")


def laid(tmp_path, *, earlier=False):
    folder = tmp_path / "originals"
    folder.mkdir()
    for name, make in FORMS.items():
        (folder / name).write_bytes(make(DENIAL) if earlier else make())
    return folder


@exiftool
@pytest.mark.parametrize(
    ("uses", "code", "reservation"),
    [
        ({**NO, "search": "yes"}, "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", "1"),
        ({**NO, "search": "no"}, "DMI-PROHIBITED", "1"),
        ({"train": "no"}, "DMI-PROHIBITED-GENAIMLTRAINING", None),
        (dict.fromkeys(NO, "yes"), "DMI-ALLOWED", "0"),
        (ASK, "DMI-PROHIBITED-SEECONSTRAINT", "1"),
    ],
)
def test_exiftool_reads_the_same_terms_out_of_every_format(tmp_path, uses, code, reservation):
    made = copies([laid(tmp_path)], terms(**uses), tmp_path / "media")
    assert [one.reason for one in made] == [""] * len(FORMS)
    done = subprocess.run(
        ["exiftool", "-json", "-n", "-G1", "-a", "-u", str(tmp_path / "media")], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert len(found) == len(FORMS)
    for file in found:
        said = str(file.get("XMP-plus:DataMining"))
        assert said.rpartition("/")[2] == code, (file["SourceFile"], said)
        assert str(next((value for key, value in file.items() if key.lower().endswith("reservation")), None)) == str(reservation)
        assert not [key for key in file if "Warning" in key or "Error" in key], file


@exiftool
def test_what_a_file_said_of_other_things_stays_in_it(tmp_path):
    source = tmp_path / "a.jpg"
    source.write_bytes(jpeg())
    titled = ["exiftool", "-q", "-overwrite_original", "-XMP-dc:Title=Night", "-EXIF:Artist=Aoi", "-IPTC:Keywords=star", str(source)]
    subprocess.run(titled, check=True)
    copies([source], terms(**NO), tmp_path / "media")
    done = subprocess.run(["exiftool", "-json", "-a", str(tmp_path / "media" / "a.jpg")], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)[0]
    assert (found["Title"], found["Artist"], found["Keywords"]) == ("Night", "Aoi", "star")


def test_an_earlier_permission_in_the_file_is_replaced(tmp_path):
    made = copies([laid(tmp_path, earlier=True)], terms(**dict.fromkeys(NO, "yes")), tmp_path / "media")
    assert [one.reason for one in made] == [""] * len(FORMS)


@pytest.mark.parametrize("name", ["a.jpg", "b.png", "c.webp", "d.tif"])
def test_not_one_pixel_changes(tmp_path, name):
    folder = laid(tmp_path)
    copies([folder], terms(**NO), tmp_path / "media")
    one, other = (Image.open(place / name).convert("RGBA").tobytes() for place in (folder, tmp_path / "media"))
    assert one == other


@pytest.mark.parametrize(
    ("body", "reason"),
    [(gif(), "not a JPEG"), (b"notes", "not a JPEG"), (jpeg()[:40], "breaks off"), (png()[:60], "breaks off"), (b"", "not a JPEG"),
     (pdf(DENIAL, password="secret"), "cannot be added to"), (b"II*\x00\xff\xff\x00\x00", "breaks off"), (b"%PDF-1.7 nothing", "")],
)  # fmt: skip
def test_a_file_that_cannot_take_the_terms_is_left_out_with_its_reason(tmp_path, body, reason):
    (tmp_path / "x.bin").write_bytes(body)
    (made,) = copies([tmp_path / "x.bin"], terms(**NO), tmp_path / "media")
    assert made.copy is None
    assert reason in made.reason
    assert made.reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uses=st.dictionaries(st.sampled_from(ALL), st.sampled_from([Answer.YES, Answer.NO]), min_size=1), above=st.booleans())
def test_google_s_parser_reads_the_same_of_every_crawler(uses, above):
    parser = pytest.importorskip("robotstxt", reason="Google's parser is not installed")
    mining = uses.get(Axis.TDM)
    if mining is Answer.NO and Answer.YES in {uses.get(Axis.TRAIN), uses.get(Axis.TRAIN_NONGEN)}:
        return
    said = Terms("Aoi", "a@b.example", "", "https://aoi.example", ("/art/",), uses)
    section = next((file.content for file in robots.files(said)), "")
    existing = "User-agent: *\nDisallow: /private/\n\nUser-agent: OtherBot\nDisallow: /\n\n" if above else ""
    refused = robots.refused_tokens(said)
    for agent in table().values():
        if not PRODUCT.fullmatch(agent.token):
            continue  # no product token by the RFC: Google's parser reads its beginning only
        assert google(parser, existing + section, agent.token, "/art/1.png") is (agent.token not in refused)
        assert google(parser, existing + section, agent.token, "/elsewhere") is True
    assert google(parser, existing + section, "UnlistedBot", "/private/1") is not above
    assert google(parser, existing + section, "OtherBot", "/x") is not above


def google(parser, body, agent, path):
    matcher = parser.RobotsMatcher()
    return bool(matcher.is_allowed(body, agent, f"https://aoi.example{path}"))


@settings(max_examples=60, deadline=None)
@given(uses=st.dictionaries(st.sampled_from(ALL), st.sampled_from(Answer), min_size=1))
def test_rsl_documents_are_valid(uses):
    if not shutil.which("xmllint"):
        pytest.skip("xmllint is not installed (libxml2-utils)")
    price = Price("12.50", "EUR", "use") if Answer.OFFER in uses.values() else None
    said = Terms("アオイ <& Söhne>", "a@b.example", "https://aoi.example/l?a=1&b=2", "https://aoi.example", ("/",), uses, price)
    for file in rsl.files(said):
        done = subprocess.run(
            ["xmllint", "--noout", "--nonet", "--schema", SCHEMA, "-"], input=file.content, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


SCHEMA = __file__.replace("test_others.py", "rsl.xsd")


def signatories():
    pytest.importorskip("c2pa", reason="the extra `c2pa` is not installed")
    from signed_files import signatory  # noqa: PLC0415

    return signatory


def certificate(tmp_path, chain, key):
    (tmp_path / "chain.pem").write_text(chain)
    (tmp_path / "key.pem").write_text(key)
    return Certificate(tmp_path / "chain.pem", tmp_path / "key.pem")


def test_the_c2pa_library_reads_the_same_terms_and_finds_the_signature_good(tmp_path):
    holder = signatories()("Aoi")
    said = terms(certificate=certificate(tmp_path, holder.chain, holder.key), **{**ASK, "train": "no"})
    made = copies([laid(tmp_path)], said, tmp_path / "media")
    assert [(one.reason, one.signed) for one in made] == [("", True)] * 4 + [("", False)]
    import c2pa  # noqa: PLC0415

    for name, media in (("a.jpg", "image/jpeg"), ("b.png", "image/png"), ("c.webp", "image/webp"), ("d.tif", "image/tiff")):
        with c2pa.Reader(media, io.BytesIO((tmp_path / "media" / name).read_bytes())) as reader:
            found = json.loads(reader.json())
        active = found["manifests"][found["active_manifest"]]
        entries = next(one["data"]["entries"] for one in active["assertions"] if one["label"].startswith("cawg.training-mining"))
        assert entries["cawg.ai_generative_training"] == {"use": "notAllowed"}
        assert entries["cawg.data_mining"] == {"use": "constrained", "constraint_info": "https://aoi.example/licence"}
        assert found["validation_state"] in {"Valid", "Trusted"}, found.get("validation_status")


@pytest.mark.parametrize(("chain", "key"), [("Aoi", "Someone"), ("Aoi", None), (None, "Aoi")])
def test_a_certificate_that_does_not_match_its_key_is_refused_before_anything_is_written(tmp_path, chain, key):
    signatory = signatories()
    given = certificate(tmp_path, signatory(chain).chain if chain else "no pem", signatory(key).key if key else "no pem")
    with pytest.raises(InputError, match="cannot sign"):
        copies([laid(tmp_path)], terms(certificate=given, **NO), tmp_path / "media")
    assert not (tmp_path / "media").exists()


def test_headers_for_each_server_say_the_same():
    contents = {file.path: file.content for file in site_files(terms(**NO)) if file.path.startswith("headers/")}
    assert len(contents) == 3
    for content in contents.values():
        assert all(
            line in content
            for line in ("Content-Usage", "train-ai=n, ai-use=n", "tdm-reservation", "noai, noimageai", "application/rsl+xml")
            if True
        )
