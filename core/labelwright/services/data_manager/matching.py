"""Regular expressions are matched within a limit: all have passed RE2, but on PostgreSQL its own engine runs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import exc, text
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields

from .filters import Group, every

MATCHING_MS = 10_000
"""The longest that PostgreSQL may look for what matches a regular expression, in one statement."""
REFUSED_PATTERNS = {
    "2201B": "The database cannot follow this regular expression; make it simpler.",
    "57014": "This regular expression takes the database too long; make it simpler.",
}
"""PostgreSQL's codes for one that is no such, or too complex, and for a statement that took too long."""


def patterns(filters: Group | None) -> tuple[str, ...]:
    """Where in the request its regular expressions stand."""
    return tuple(f"{one.path}.value" for one in every(filters) if one.operator == "regex")


@contextmanager
def within_limit(session: Session, paths: Sequence[str]) -> Iterator[None]:
    """Have the statements in this block end in time; those that carry regular expressions, and no others.

    :param paths: where these stand, as :func:`patterns` says; of none nothing is limited.
    :raises InvalidFields: naming them, of one that the database does not understand, or is too slow with.
    """
    if not paths or session.get_bind().dialect.name == "sqlite":
        yield
        return
    session.execute(text(f"SET statement_timeout = {MATCHING_MS}"))
    try:
        yield
    except exc.DBAPIError as error:
        if (words := REFUSED_PATTERNS.get(getattr(error.orig, "pgcode", None) or "")) is None:
            raise
        raise InvalidFields({path: [words] for path in paths}) from error
    finally:
        with suppress(
            exc.InternalError
        ):  # in a transaction that failed: rolling it back takes the limit with it
            session.execute(text("RESET statement_timeout"))
