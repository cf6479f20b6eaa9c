"""The words of tasks, for the search in their data. The trigrams that it used before go"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SQLITE = (
    # Words are cut by us; to find them, neither their places in a text nor its length is needed. There are no
    # triggers: the table writes to its disk after each statement of one, which made 100,000 tasks take a minute.
    "CREATE VIRTUAL TABLE lw_fts_words USING fts5(words, content='lw_searched_text', content_rowid='task_id', "
    "detail='none', columnsize=0, tokenize='ascii')"
)
POSTGRESQL = (
    # Stored, because a plan that does not go by the index would make it anew for each row, at 11 microseconds.
    "ALTER TABLE lw_searched_text ADD COLUMN lw_fts_lexemes tsvector GENERATED ALWAYS AS (array_to_tsvector("
    "string_to_array(ltrim(replace(rtrim(words), ' ', ' ' || CAST(project_id AS text) || ':')), ' '))) STORED; "
    "CREATE INDEX ix_lw_fts_words ON lw_searched_text USING gin (lw_fts_lexemes)"
)


def upgrade() -> None:
    op.create_table(
        "lw_search_index",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_search_index_project_id_lw_project"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_lw_search_index")),
    )
    op.create_table(
        "lw_searched_text",
        sa.Column("task_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["lw_task.id"], name=op.f("fk_lw_searched_text_task_id_lw_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_lw_searched_text")),
    )
    connection = op.get_bind()
    op.execute(SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL)
    trigrams = "SELECT name FROM lw_field_index WHERE column_name = 'data'"
    for name in connection.execute(sa.text(trigrams)).scalars().all():
        op.execute(f'DROP INDEX IF EXISTS "{name}"')
    op.execute("DELETE FROM lw_field_index WHERE column_name = 'data'")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE lw_fts_words")
    op.drop_table("lw_searched_text")
    op.drop_table("lw_search_index")
