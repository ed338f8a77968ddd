import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sekisho.demo import packages
from sekisho.errors import InputError, MissingPartError


def source_package(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, body in files.items():
            info = tarfile.TarInfo(f"thing-1.0/{name}")
            info.size, info.mtime = len(body), 1_575_893_340
            archive.addfile(info, io.BytesIO(body))
    return path


def test_a_source_package_is_read_without_its_top_folder_and_with_its_times(tmp_path):
    package = source_package(tmp_path / "thing-1.0.tar.gz", {"tests/data/a.example": b"x", "setup.py": b"raise SystemExit"})
    (found,) = packages.members(package, "tests/data/*")
    assert found == packages.Member("tests/data/a.example", datetime(2019, 12, 9, 12, 9, tzinfo=UTC), b"x")


def test_a_wheel_is_read_by_pattern(tmp_path):
    with zipfile.ZipFile(tmp_path / "thing.whl", "w") as archive:
        archive.writestr("thing/deep/a.py", b"1")
        archive.writestr("thing/a.txt", b"2")
    assert [member.body for member in packages.members(tmp_path / "thing.whl", "*.py")] == [b"1"]


def test_every_pin_is_one_version_with_one_digest():
    pins = [line for line in packages.PINS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert pins
    assert all(line.count("==") == 1 and len(line.partition("--hash=sha256:")[2]) == 64 for line in pins)


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_examples_page_names_every_package_with_its_version(name):
    page = (Path(__file__).parents[3] / "examples" / name).read_text("utf-8")
    pins = [line.split()[0] for line in packages.PINS.read_text("utf-8").splitlines() if "==" in line]
    assert [pin for pin in pins if pin.replace("==", " ") not in page] == []


def test_packages_that_lie_there_with_the_right_digests_are_not_asked_for_again(tmp_path, monkeypatch):
    pins = tmp_path / "pins.txt"
    pins.write_text(f"thing==1.0 --hash=sha256:{hashlib.sha256(b'bytes').hexdigest()}\n", "utf-8")
    monkeypatch.setattr(packages, "PINS", pins)
    monkeypatch.setattr(packages.sys, "executable", "/no/such/python")
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "thing.whl").write_bytes(b"bytes")
    assert packages.bring(tmp_path / "held") == {"thing": tmp_path / "held" / "thing.whl"}


def test_without_a_package_mirror_the_message_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(InputError, match="go on with a network") as raised:
        packages.bring(tmp_path / "packages")
    assert str(tmp_path / "packages") in raised.value.ja


def test_a_python_without_pip_is_told_how_to_get_it(tmp_path, monkeypatch):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    monkeypatch.setattr(packages.sys, "executable", str(tmp_path / "bare" / "bin" / "python"))
    with pytest.raises(MissingPartError, match="ensurepip"):
        packages.bring(tmp_path / "packages")


def test_pip_hands_a_source_package_over_without_running_its_code(tmp_path, monkeypatch):
    (tmp_path / "mirror").mkdir()
    setup = b"import pathlib; pathlib.Path('/').joinpath('no such folder', 'ran').touch()"
    about = b"Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n"
    held = source_package(tmp_path / "mirror" / "thing-1.0.tar.gz", {"setup.py": setup, "PKG-INFO": about})
    pins = tmp_path / "pins.txt"
    pins.write_text(f"thing==1.0 --hash=sha256:{hashlib.sha256(held.read_bytes()).hexdigest()}\n", "utf-8")
    monkeypatch.setattr(packages, "PINS", pins)
    for name, value in (("CONFIG_FILE", "/dev/null"), ("NO_INDEX", "1"), ("FIND_LINKS", str(tmp_path / "mirror"))):
        monkeypatch.setenv(f"PIP_{name}", value)
    assert packages.bring(tmp_path / "packages")["thing"].read_bytes() == held.read_bytes()
