"""What must be told of a run, made from its cases and folded counts alone, so its size does not grow with the rows."""

from sekisho.report.page import page

__all__ = ["page"]
