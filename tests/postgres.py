"""A real PostgreSQL server that a test run starts for itself: its own folder, its own port, nothing of it stays."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

USER = "postgres"


def programs() -> Path | None:
    """Where the server's programs lie; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class Server:
    """One server; the database of each test is its own."""

    def __init__(self, bin_folder: Path) -> None:
        self.bin = bin_folder
        self.root = Path(tempfile.mkdtemp(prefix="sekisho-pg-"))
        self.as_user = {"user": USER, "group": USER} if os.geteuid() == 0 else {}  # the server refuses to run as root
        if self.as_user:
            account = pwd.getpwnam(USER)
            os.chown(self.root, account.pw_uid, account.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.call("initdb", "--auth=trust", f"--username={USER}", "--no-sync", "-D", str(self.root / "data"))
        self.start()

    def call(self, program: str, *words: str) -> None:
        subprocess.run([self.bin / program, *words], check=True, stdout=subprocess.DEVNULL, cwd="/", **self.as_user)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.root} -c listen_addresses=127.0.0.1 -c max_connections=40"
        self.call("pg_ctl", "-w", "-D", str(self.root / "data"), "-o", options, "-l", str(self.root / "log"), "start")

    def stop(self, mode: str = "fast") -> None:
        self.call("pg_ctl", "-w", "-D", str(self.root / "data"), "-m", mode, "stop")

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"t{uuid.uuid4().hex}"
        self.call("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, name)
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.root, ignore_errors=True)
