"""Sekisho inside other people's pipelines: one file for each, a few lines over the same desks, each with an extra of its own name."""
