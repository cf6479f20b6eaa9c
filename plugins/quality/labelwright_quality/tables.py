"""What agreement is kept in: each task's figures, and what they add up to. No page ever adds them up anew.

Shares of 1 are kept as whole millionths, so that what was added is taken away again without a rest.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import BigInteger, Index, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from labelwright.api import Id, PluginTables, RawJSON

WHOLE = 1_000_000
"""What an agreement of 1 is kept as."""
BANDS = 10
"""Tasks are counted by tenths of agreement."""


class Base(DeclarativeBase):
    metadata = MetaData()


class Setup(Base):
    """How a project compares answers. The migration ties it, as all these tables, to its project."""

    __tablename__ = "lw_quality_setup"

    project_id: Mapped[int] = mapped_column(Id, primary_key=True)
    metrics: Mapped[str] = mapped_column(RawJSON, default="{}")
    """Control to what was chosen for it: ``{"metric": name, "params": {}}``."""
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    """Of all that decides about the figures, as it was when they were last computed as a whole."""
    problems: Mapped[str] = mapped_column(RawJSON, default="[]")
    """Why figures are missing: ``[{"control": name, "metric": name, "error": kind}]`` of the metrics that failed."""


class Stale(Base):
    """A task whose figures are to be computed anew: written in the transaction of what changed."""

    __tablename__ = "lw_quality_stale"

    project_id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id)
    mark: Mapped[int] = mapped_column(BigInteger)
    """Another one with each change: who has computed from what was before does not wipe out a newer mark."""


class TaskFigures(Base):
    """A task's agreement, and what it is made of. The task may be gone; then a mark has it taken away."""

    __tablename__ = "lw_quality_task"
    __table_args__ = (Index("ix_lw_quality_task_project_id_agreement", "project_id", "agreement", "task_id"),)

    project_id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(Id, primary_key=True)
    agreement: Mapped[int] = mapped_column(Integer)
    detail: Mapped[str] = mapped_column(RawJSON)
    """``{"pairs": [[person, person, share, {control: share}]],
    "labels": [[control, person, person, label, label, n]]}``;
    the first label is the first person's."""


class PairTotal(Base):
    """How far two people agree about a control: ``share`` summed over ``n`` tasks.

    ``control`` is empty for the answer as a whole; both people are 0 for the agreement of tasks.
    """

    __tablename__ = "lw_quality_pair"

    project_id: Mapped[int] = mapped_column(Id, primary_key=True)
    control: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_a: Mapped[int] = mapped_column(Id, primary_key=True)
    person_b: Mapped[int] = mapped_column(Id, primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)
    share: Mapped[int] = mapped_column(BigInteger)


class LabelTotal(Base):
    """How often one called something ``label_a`` that the other called ``label_b``; empty: did not see it."""

    __tablename__ = "lw_quality_label"

    project_id: Mapped[int] = mapped_column(Id, primary_key=True)
    control: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_a: Mapped[int] = mapped_column(Id, primary_key=True)
    person_b: Mapped[int] = mapped_column(Id, primary_key=True)
    label_a: Mapped[str] = mapped_column(String(255), primary_key=True)
    label_b: Mapped[str] = mapped_column(String(255), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class BandTotal(Base):
    """How many tasks have an agreement of a tenth: 0 is below 10 %, 9 is 90 % and more."""

    __tablename__ = "lw_quality_band"

    project_id: Mapped[int] = mapped_column(Id, primary_key=True)
    band: Mapped[int] = mapped_column(Integer, primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


TABLES = PluginTables(Base.metadata, Path(__file__).parent / "migrations")
