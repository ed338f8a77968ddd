"""What was seen on the web: records read back, numbered and laid out by authority and by address.

``clear`` only ever reads recorded observations, so its answer can be repeated without a network.
"""

from sekisho.observe.records import Observed, Record, load

__all__ = ["Observed", "Record", "load"]
