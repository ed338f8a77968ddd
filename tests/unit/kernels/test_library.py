import shutil
import subprocess
import sys
from pathlib import Path

import sekisho

PACKAGE = Path(sekisho.__file__).parent
ASK = "from sekisho.kernels import library\nfrom sekisho.errors import SekishoError\ntry:\n    library()\nexcept SekishoError as error:\n    print(error)"


def asked(tmp_path):
    done = subprocess.run([sys.executable, "-c", ASK], env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_library_that_was_built_from_other_sources_is_refused_instead_of_answering_wrongly(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "sekisho")
    assert asked(tmp_path) == ""
    with (tmp_path / "sekisho" / "kernels" / "kernels.c").open("a") as source:
        source.write("/* changed after the build */\n")
    assert "Build them again" in asked(tmp_path)
