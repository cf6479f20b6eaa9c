"""What the search in the tasks' data is answered from: their words, of those projects that have been searched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, now

LEXEMES = "lw_fts_lexemes"
"""The column that PostgreSQL makes of the words by itself, and has in a GIN index: each word behind the number of its
project, so that a word that is common in one project costs the others nothing."""


class SearchIndex(Model):
    """A project whose tasks' words are kept."""

    __tablename__ = "lw_search_index"

    project_id: Mapped[int] = mapped_column(
        Id, ForeignKey("lw_project.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(Integer)
    """Of the reading that made the words."""
    is_ready: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether all tasks are in. Until then only new and changed ones are sure to be."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class SearchedText(Model):
    """The words of one task's data, as ``services/data_manager/words.py`` reads them."""

    __tablename__ = "lw_searched_text"

    task_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_task.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(Id)
    words: Mapped[str] = mapped_column(Text)
