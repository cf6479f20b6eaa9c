"""The data manager: which tasks are shown, and which are chosen."""
