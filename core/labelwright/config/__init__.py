"""The settings: one table of them, and one way to read it.

Order: default, ``labelwright.toml``, environment (``LABELWRIGHT_<NAME>`` and Label Studio's names), argument.
The file is the one that ``LABELWRIGHT_CONFIG`` names, else ``<data folder>/labelwright.toml``, else
``config/labelwright.toml`` below the current folder.
"""

from labelwright.config.load import Settings, default_data_dir, load
from labelwright.config.setting import Setting
from labelwright.config.table import SETTINGS

__all__ = ["SETTINGS", "Setting", "Settings", "default_data_dir", "load"]
