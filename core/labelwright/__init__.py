"""Labelwright, a data-labelling server in which every feature is a plugin."""

__version__ = "0.1.0"
