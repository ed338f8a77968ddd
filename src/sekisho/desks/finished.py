"""What a finished run says of itself; shared ground of the desks that look back at one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sekisho.engine import RUN
from sekisho.errors import InputError


def run_of(out: Path) -> dict[str, Any]:
    """The ``run.json`` of the folder ``out``; raises InputError when it holds no finished run."""
    try:
        run: dict[str, Any] = json.loads((out / RUN).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{out} holds no finished run. Run `sekisho clear IN {out}` first, or complete it with --resume.",
            f"{out} に完了した実行がありません。`sekisho clear IN {out}` を実行するか、--resume で完了させてください。",
        ) from error
    return run
