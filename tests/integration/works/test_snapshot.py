import zipfile
from datetime import date

import pytest
from drawings import drawing, encoded
from PIL import ImageOps

from sekisho.cli import main
from sekisho.errors import InputError
from sekisho.works import TermsKind, Works, snapshot

JANUARY, JUNE = date(2026, 1, 5), date(2026, 6, 1)


@pytest.fixture
def made(tmp_path, folder, monkeypatch):
    """A store, a key and a snapshot of it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    works = Works.open(tmp_path / "store")
    works.register(folder, holder="A", terms="yes", on=JANUARY)
    snapshot.new_key(tmp_path / "key.pem")
    key = snapshot.load_key(tmp_path / "key.pem")
    snapshot.write(works.store, tmp_path / "a.sekisho", key)
    return works, key, tmp_path


def test_a_lab_matches_offline_and_the_matches_are_unproved(made, folder):
    works, _, here = made
    lab = Works.open(here / "a.sekisho")
    for picture in (encoded(drawing(3)), encoded(ImageOps.mirror(drawing(3)), "JPEG", quality=50)):
        [match] = lab.match(picture)
        assert match.work == works.match(picture)[0].work
        assert match.terms.kind is TermsKind.YES
        assert not match.proved
        assert match.path == ""
    assert lab.match(encoded(drawing(99))) == []


def test_no_private_tier_and_no_path_leaves_the_store(made, folder):
    works, _, here = made
    with zipfile.ZipFile(here / "a.sekisho") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    with works.store.read() as connection:
        private = [bytes(row) for (row,) in connection.exec_driver_sql("select private from fingerprints where length(private) > 0")]
    assert len(private) == 16  # a whole picture and its parts, of each of eight
    assert not any(secret in everything for secret in private)
    assert str(folder).encode() not in everything


def test_a_newer_one_tells_who_changed_their_mind(made):
    works, key, here = made
    [one, *_] = sorted(work.id for work, _ in works.all())
    works.declare([one], "no", on=JUNE)
    newer = snapshot.write(works.store, here / "b.sekisho", key)
    [change] = snapshot.changes(snapshot.read(here / "a.sekisho"), newer)
    assert (change.work, str(change.before), str(change.after), change.on) == (one, "yes", "no", JUNE)
    lab = Works.open(here / "b.sekisho")
    assert lab.terms([one], JANUARY)[one].terms.kind is TermsKind.YES
    assert lab.terms([one], JUNE)[one].terms.kind is TermsKind.NO


def rewritten(path, name, change):
    """The snapshot with one member changed."""
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    members[name] = change(members[name])
    out = path.with_name("changed.sekisho")
    with zipfile.ZipFile(out, "w") as archive:
        for one, body in members.items():
            archive.writestr(one, body)
    return out


@pytest.mark.parametrize("name", [snapshot.MANIFEST, snapshot.SIGNATURE, snapshot.WORKS])
def test_a_changed_byte_is_found(made, name):
    changed = rewritten(made[2] / "a.sekisho", name, lambda body: bytes([body[0] ^ 1]) + body[1:])
    with pytest.raises(InputError):
        Works.open(changed)


def test_changed_fingerprints_are_found(made):
    changed = rewritten(made[2] / "a.sekisho", snapshot.FINGERPRINTS, lambda body: body[:-1] + bytes([body[-1] ^ 1]))
    with pytest.raises(InputError, match="not what was signed"):
        Works.open(changed)


def test_another_signer_is_refused_when_one_is_named(made):
    _, _, here = made
    stranger = snapshot.new_key(here / "other.pem")
    with pytest.raises(InputError, match="signed by"):
        Works.open(here / "a.sekisho", signer=stranger)


def test_a_key_is_readable_by_its_owner_alone_and_never_overwritten(made):
    _, _, here = made
    assert (here / "key.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        snapshot.new_key(here / "key.pem")


@pytest.mark.parametrize("body", [b"", b"PK", b"not a snapshot"])
def test_what_is_no_snapshot_is_said_so(tmp_path, body):
    (tmp_path / "x").write_bytes(body)
    with pytest.raises(InputError, match="no snapshot"):
        Works.open(tmp_path / "x")


def test_fingerprints_leave_only_when_it_is_said(made, capsys):
    _, _, here = made
    words = ["works", "snapshot", "--works", str(here / "store"), "--key", str(here / "key.pem"), "-o", str(here / "c.sekisho")]
    assert main(words) == 2
    assert not (here / "c.sekisho").exists()
    assert main([*words, "--with-fingerprints"]) == 0
    assert main(["works", "changes", str(here / "a.sekisho"), str(here / "c.sekisho")]) == 0
