"""What all tables of the core share: their names begin with ``lw_``, so that they are known among others'."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase

from labelwright.columns import TABLE_PREFIX as TABLE_PREFIX
from labelwright.columns import Id as Id
from labelwright.columns import RawJSON as RawJSON
from labelwright.columns import UTCDateTime as UTCDateTime
from labelwright.columns import now as now

Email = String(254)
Name = String(256)


class Model(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime}
