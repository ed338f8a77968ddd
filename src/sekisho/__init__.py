"""The verbs of Sekisho and the values they return; nothing else is public."""

__version__ = "0.1.0.dev0"
