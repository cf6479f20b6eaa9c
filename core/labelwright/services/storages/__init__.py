"""Storages: set up (``kept``), opened (``opened``), taken in (``sync``), written to (``targets``), shown (``objects``).

What a kind of storage can do is said by its class, in a plugin; nothing here knows one by name.
"""
