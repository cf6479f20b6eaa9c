"""Data like that of real projects: street scenes whose boxes are known, and texts that people wrote."""
