"""Compiles ``src/sekisho/kernels/*.c`` into one shared library, with the machine's C compiler or, where there is none, with the one from ziglang."""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ZIG = "ziglang==0.17.1"


def compiler() -> list[str] | None:
    """The C compiler of this machine as a command, or None."""
    if os.environ.get("CC"):
        return shlex.split(os.environ["CC"])
    found = next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)
    return [found] if found else None


class KernelHook(BuildHookInterface[Any]):
    """The build step that hatchling calls."""

    def dependencies(self) -> list[str]:
        return [] if compiler() else [ZIG]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's own signature
        folder = Path(self.root, "src", "sekisho", "kernels")
        sources = sorted(map(str, folder.glob("*.c")))
        digest = sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.[ch]")))).hexdigest()
        suffix = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
        target = folder / f"kernels{suffix}"
        command = compiler() or [sys.executable, "-m", "ziglang", "cc"]
        subprocess.run(
            [
                *command,
                "-std=c11",
                "-O3",
                "-g0",
                "-fno-math-errno",
                "-shared",
                "-fPIC",
                "-Wall",
                "-Wextra",
                f'-DSEKISHO_SOURCES="{digest}"',
                "-o",
                str(target),
                *sources,
                "-lm",
            ],
            check=True,
        )
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["artifacts"].append(str(target.relative_to(self.root)))
