"""The condition that a column is one of many ids, in one parameter: a list of 2,000 costs more than its query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, any_, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


def among(session: Session, key: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether ``key`` is one of ``ids``, in the words of the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        given = func.json_each(orjson.dumps(list(ids)).decode()).table_valued("value")
        within: ColumnElement[bool] = key.in_(select(column("value")).select_from(given))
        return within
    return key == any_(bindparam(None, list(ids), ARRAY(BigInteger)))
