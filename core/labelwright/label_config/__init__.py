"""Labelling configurations: XML in, answers out. Everything about a tag comes from its declaration."""

from labelwright.label_config.config import LabelConfig, parse
from labelwright.label_config.examples import example
from labelwright.label_config.nodes import Node, bare
from labelwright.label_config.problems import Problem

__all__ = ["LabelConfig", "Node", "Problem", "bare", "example", "parse"]
