"""Importing tasks: read by the importers that plugins bring, checked against the configuration, stored whole or not.

``intake`` takes an import in; ``run`` does it; ``sources``, ``items`` and ``rows`` are its three steps.
"""
