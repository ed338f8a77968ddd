"""The same shards as tasks of a Ray cluster: Ray schedules them, spreads them and starts them anew when a worker is lost.

Every machine of the cluster has to see the inputs, the observations and OUT under the same paths, and to have Sekisho installed.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sekisho.engine import Footer, work
from sekisho.errors import MissingPartError, RunError, SekishoError
from sekisho.plan import Plan, Shard

WAIT_S = 10
MOST_TRIES = 5
"""How often a shard is given to another worker after its own was lost."""


class RayPool:
    """Works off shards as Ray tasks, on the cluster at ``address`` or on one of its own with ``workers`` processes on this machine."""

    def __init__(self, address: str, workers: int) -> None:
        self.address = address
        self.workers = workers

    def __call__(self, out: Path, plan: Plan, shards: Sequence[Shard]) -> Iterator[Footer]:
        """The footers of ``shards`` as they get ready; raises RunError when a worker is lost again and again."""
        ray = _ray()
        with self._cluster(ray):
            task = ray.remote(max_retries=MOST_TRIES, num_cpus=1)(_work)
            here, shared = str(Path.cwd()), ray.put(plan)
            waiting = [task.options(name=shard.name).remote(here, str(out.absolute()), shared, shard) for shard in shards]
            while waiting:
                ready, waiting = ray.wait(waiting)
                yield from (_footer(ray, each) for each in ready)

    @contextlib.contextmanager
    def _cluster(self, ray: Any) -> Iterator[None]:
        """Connected to the cluster while this lasts."""
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing of a run is told to anybody
        own = {} if self.address else {"num_cpus": self.workers, "include_dashboard": False}
        try:
            _knock(self.address)
            ray.init(self.address or "local", log_to_driver=False, logging_level="error", **own)
        except Exception as error:  # Ray names no root of its errors: sockets, protocol and its own parts each raise their own
            raise RunError(
                f"No Ray cluster at {self.address or 'this machine'}: {error}",
                f"Ray クラスター（{self.address or 'このマシン'}）に接続できません：{error}",
            ) from error
        try:
            yield
        finally:
            ray.shutdown()


def _knock(address: str) -> None:
    """Raise OSError when nobody listens at ``host:port``: Ray itself would wait for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=WAIT_S).close()


def _ray() -> Any:
    try:
        import ray  # noqa: PLC0415 - an extra, and heavy
    except ImportError as error:
        raise MissingPartError(
            "Ray is not installed: pip install 'sekisho[ray]', or leave --engine ray away.",
            "Ray がインストールされていません。pip install 'sekisho[ray]' を実行するか、--engine ray を外してください。",
        ) from error
    return ray


def _work(here: str, out: str, plan: Plan, shard: Shard) -> Footer:
    """One shard on a worker; relative paths begin where the run was started."""
    os.chdir(here)
    return work(Path(out), plan, shard)


def _footer(ray: Any, ready: Any) -> Footer:
    """What a task gave back; raises its own error, or RunError when its worker was lost too often."""
    try:
        footer: Footer = ray.get(ready)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, SekishoError):
            raise error.cause from None
        raise
    except ray.exceptions.RayError as error:
        raise RunError(
            f"Ray lost a worker {MOST_TRIES + 1} times on the same shard ({error}). Run again with --resume.",
            f"Ray のワーカーが同じ分割で {MOST_TRIES + 1} 回失われました（{error}）。--resume を付けて再実行してください。",
        ) from error
    return footer
