"""Stands in for a source package's own build code when pip asks what the package is called.

pip asks that before it hands over a source package, and would first download a build tool and run the package's code. Nothing of what
the demo downloads is to be run: this module is laid where the build tool would be found, and answers from the package's ``PKG-INFO``.
"""

from __future__ import annotations

import sys
from email.parser import HeaderParser
from pathlib import Path

__legacy__ = sys.modules[__name__]
"""The name under which setuptools answers for packages without a ``pyproject.toml``."""


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: object = None) -> str:  # noqa: ARG001 - PEP 517's own signature
    """The name of a folder with the metadata of the package in the current folder (PEP 517)."""
    info = HeaderParser().parsestr(Path("PKG-INFO").read_text("utf-8"))
    name, version = info["Name"], info["Version"]
    folder = Path(metadata_directory, f"{name.replace('-', '_')}-{version}.dist-info")
    folder.mkdir()
    folder.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    return folder.name
