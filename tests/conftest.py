"""Where the suite decides whether a change lands, random tests draw the same examples each time; elsewhere they go on looking."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
