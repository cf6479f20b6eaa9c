"""Bulk actions: the powers that they get over many tasks, their runs, and how runs are taken back."""
