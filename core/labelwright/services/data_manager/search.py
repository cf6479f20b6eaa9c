"""Words in the tasks' data: each must stand somewhere in it.

The first search of a project has its tasks' words kept (:mod:`searched_texts`), and an index finds them from then on.
Small projects are read through instead, with the same answer. A large one is searched for parts of texts until its
words are there, and so is whatever holds neither a letter nor a digit. Lists show such parts; but work on many tasks
at once waits for the words, so that it never does more than was meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from labelwright.errors import Conflict
from labelwright.models import Project, SearchedText, Task
from labelwright.models.searching import LEXEMES
from labelwright.services import counters
from labelwright.services.bulk.among import among
from labelwright.services.context import Context
from labelwright.services.visible import published

from . import conditions, searched_texts, words
from .searched_texts import FULL_TEXT
from .words import Term

READ_THROUGH = 1_000
"""Tasks up to which a project is read through at each search: that takes some 20 ms."""
MOST_READ_THROUGH = 5_000
"""The same, until the words are kept."""


class NotReady(Conflict):
    """The words of a project that is searched for the first time are still being read."""

    def __init__(self, project_id: int) -> None:
        super().__init__(
            "The tasks of this project are being read for the search; try again in a few minutes.",
            code="search-not-ready",
            params={"project": project_id},
        )
        self.project_id = project_id


def where(ctx: Context, session: Session, project: Project, search: str) -> ColumnElement[bool]:
    """The condition that what is searched for stands in a task's data."""
    terms = words.of_search(search)
    if not terms:
        return and_(*(_contains(ctx, word) for word in search.split()[: words.MOST_TERMS]))
    if searched_texts.is_ready(session, project.id):
        return Task.id.in_(_indexed(ctx, project.id, terms))
    if _tasks(session, project) <= MOST_READ_THROUGH:
        return among(session, Task.id, _read_through(session, project.id, terms))
    return and_(*(_contains(ctx, word) for word in search.replace('"', " ").split()[: words.MOST_TERMS]))


def ensure_index(ctx: Context, session: Session, project: Project) -> None:
    """Have the words of a project kept that is searched for the first time."""
    if _tasks(session, project) > READ_THROUGH and not searched_texts.is_ready(session, project.id):
        with ctx.database.write() as writing:
            searched_texts.plan(ctx, writing, project)


def require_words(session: Session, project: Project, search: str) -> None:
    """:raises NotReady: where :func:`where` would look for parts of texts, for want of the project's words."""
    is_found = not words.of_search(search) or searched_texts.is_ready(session, project.id)
    if not is_found and _tasks(session, project) > MOST_READ_THROUGH:
        raise NotReady(project.id)


@contextmanager
def begun_where_missing(ctx: Context) -> Iterator[None]:
    """Have the words read that are refused in this block as not ready. Put it around the transaction, not into it."""
    try:
        yield
    except NotReady as refused:
        with ctx.database.write() as session:
            if (project := session.get(Project, refused.project_id)) is not None:
                searched_texts.plan(ctx, session, project)
        raise


def _tasks(session: Session, project: Project) -> int:
    return counters.totals(session, [project.id])[project.id]["tasks"]


def _read_through(session: Session, project_id: int, terms: Sequence[Term]) -> list[int]:
    rows = session.execute(
        select(Task.id, Task.data).where(Task.project_id == project_id, published(project_id))
    )
    return [row.id for row in rows if words.stand_in(words.of_data(row.data), terms)]


def _indexed(ctx: Context, project_id: int, terms: Sequence[Term]) -> Select[int]:
    """The tasks that hold all words by the index; of phrases, the text must hold them in their order too."""
    phrases = [words.as_part(term) for term in terms if len(term.words) > 1]
    if not ctx.database.is_sqlite:
        asked = cast(literal(_tsquery(project_id, terms), Text()), TSQUERY)
        found = literal_column(LEXEMES).op("@@", is_comparison=True, return_type=Boolean())(asked)
        has = (func.strpos(SearchedText.words, literal(part, Text())) > 0 for part in phrases)
        return select(SearchedText.task_id).where(found, *has)
    numbers = FULL_TEXT.c.rowid
    first, last = (
        select(end(Task.id)).where(Task.project_id == project_id).scalar_subquery()
        for end in (func.min, func.max)
    )
    query = select(numbers).where(FULL_TEXT.c.lw_fts_words.op("MATCH")(literal(_match(terms), Text())))
    query = query.where(numbers.between(first, last))
    if not phrases:
        return query
    has = (func.instr(SearchedText.words, literal(part, Text())) > 0 for part in phrases)
    return select(SearchedText.task_id).where(SearchedText.task_id.in_(query), *has)


def _lexemes(terms: Sequence[Term]) -> dict[str, bool]:
    """All words of a search, and whether each is only the beginning of one."""
    found: dict[str, bool] = {}
    for term in terms:
        for word in term.words:
            is_open = term.is_open and word is term.words[-1]
            found[word] = found.get(word, True) and is_open
    return found


def _tsquery(project_id: int, terms: Sequence[Term]) -> str:
    pieces = (f"'{project_id}:{word}'{':*' * is_open}" for word, is_open in _lexemes(terms).items())
    return " & ".join(pieces)


def _match(terms: Sequence[Term]) -> str:
    return " AND ".join(f'"{word}"{"*" * is_open}' for word, is_open in _lexemes(terms).items())


def _contains(ctx: Context, word: str) -> ColumnElement[bool]:
    """A part of a text in JSON, where letters beyond ASCII, quotes and backslashes may stand escaped."""
    text = cast(Task.data, Text)
    spelt = dict.fromkeys(json.dumps(word, ensure_ascii=escaped)[1:-1] for escaped in (False, True))
    return or_(*(conditions.like(text, "contains", one, is_sqlite=ctx.database.is_sqlite) for one in spelt))
