"""Agreement of tasks, of people, and about labels."""

import sqlalchemy as sa
from alembic import op

from labelwright.api import Id, RawJSON

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "lw_quality_setup",
        project(),
        sa.Column("metrics", RawJSON, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("problems", RawJSON, nullable=False),
    )
    op.create_table(
        "lw_quality_stale",
        project(),
        sa.Column("task_id", Id, primary_key=True, autoincrement=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("mark", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "lw_quality_task",
        project(),
        sa.Column("task_id", Id, primary_key=True, autoincrement=False),
        sa.Column("agreement", sa.Integer, nullable=False),
        sa.Column("detail", RawJSON, nullable=False),
    )
    op.create_index(
        "ix_lw_quality_task_project_id_agreement", "lw_quality_task", ["project_id", "agreement", "task_id"]
    )
    op.create_table(
        "lw_quality_pair",
        project(),
        sa.Column("control", sa.String(255), primary_key=True),
        sa.Column("person_a", Id, primary_key=True, autoincrement=False),
        sa.Column("person_b", Id, primary_key=True, autoincrement=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("share", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "lw_quality_label",
        project(),
        sa.Column("control", sa.String(255), primary_key=True),
        sa.Column("person_a", Id, primary_key=True, autoincrement=False),
        sa.Column("person_b", Id, primary_key=True, autoincrement=False),
        sa.Column("label_a", sa.String(255), primary_key=True),
        sa.Column("label_b", sa.String(255), primary_key=True),
        sa.Column("n", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "lw_quality_band",
        project(),
        sa.Column("band", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n", sa.BigInteger, nullable=False),
    )


def project() -> sa.Column[int]:
    return sa.Column(
        "project_id",
        Id,
        sa.ForeignKey("lw_project.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
