"""The tags of this distribution, for the tests of each of its tag plugins."""

from tests.core.label_config.conftest import tags

__all__ = ["tags"]
