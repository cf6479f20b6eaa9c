"""The queue's rows: one winner each, taken over from the dead, ended once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from labelwright import config
from labelwright.db import Database, open_database
from labelwright.errors import InvalidFields
from labelwright.job_kinds import JobSpec
from labelwright.models import Job, now
from labelwright.services.queue import JobQueue

NOBODY: Any = None


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    opened = open_database(migrated_url)
    yield opened
    opened.close()


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return config.load(tmp_path, environ={}, overrides={"jobs_heartbeat_s": 10})


@pytest.fixture
def queue(database: Database, settings: config.Settings) -> JobQueue:
    return JobQueue(database, NOBODY, settings)


@pytest.fixture
def another(database: Database, settings: config.Settings) -> JobQueue:
    """The queue as another process has it."""
    return JobQueue(database, NOBODY, settings)


def add(database: Database, queue: JobQueue, spec: JobSpec | None = None) -> int:
    with database.write() as session:
        job = queue.add(session, spec or JobSpec("test", {"n": 1}))
    assert job is not None
    return job


def row(database: Database, job: int) -> Job:
    with database.read() as session:
        return session.get_one(Job, job)


def make_silent(database: Database, job: int) -> None:
    """Let the job's worker have said nothing for a minute."""
    with database.write() as session:
        session.execute(update(Job).where(Job.id == job).values(heartbeat_at=now() - timedelta(minutes=1)))


def test_workers_are_told_after_the_commit_and_not_before(database: Database, queue: JobQueue) -> None:
    told: list[list[int]] = []
    queue.send = lambda jobs: told.append(list(jobs))
    with database.write() as session:
        first = queue.add(session, JobSpec("test"))
        second = queue.add(session, JobSpec("test", idempotency_key="once"))
        assert queue.add(session, JobSpec("test", idempotency_key="once")) is None
        assert told == []
    assert told == [[first, second]]


def test_a_queue_that_cannot_tell_costs_nothing(database: Database, queue: JobQueue) -> None:
    def broken(jobs: Any) -> None:
        raise ConnectionError

    queue.send = broken
    job = add(database, queue)
    assert queue.due() == [job]


def test_one_of_many_wins(database: Database, settings: config.Settings, queue: JobQueue) -> None:
    job = add(database, queue)
    won: list[object] = []

    def claim() -> None:
        won.append(JobQueue(database, NOBODY, settings).claim(job))

    threads = [threading.Thread(target=claim) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    claims = [claim for claim in won if claim is not None]
    assert len(claims) == 1
    assert claims[0].params == {"n": 1}  # type: ignore[attr-defined]


def test_a_job_is_not_begun_before_its_time(database: Database, queue: JobQueue) -> None:
    job = add(database, queue, JobSpec("test", not_before=now() + timedelta(hours=1)))
    assert queue.due() == []
    assert queue.claim(job) is None


def test_the_job_of_a_dead_worker_is_taken_over_where_it_was(
    database: Database, queue: JobQueue, another: JobQueue
) -> None:
    job = add(database, queue)
    assert queue.claim(job) is not None
    with database.write() as session:
        assert queue.checkpoint(session, job, {"at": 5})
    assert another.claim(job) is None
    make_silent(database, job)
    assert another.due() == [job]
    claim = another.claim(job)
    assert claim is not None
    assert (claim.attempt, claim.resume) == (2, {"at": 5})


def test_who_seemed_dead_can_do_no_more_harm(database: Database, queue: JobQueue, another: JobQueue) -> None:
    job = add(database, queue)
    queue.claim(job)
    make_silent(database, job)
    another.claim(job)
    assert queue.beat([job]) == {}
    with database.write() as session:
        assert queue.checkpoint(session, job, {}) is False
        assert queue.finish(session, job, {"late": True}) is False
    assert queue.stop(job, "failed") is False
    with database.write() as session:
        assert another.finish(session, job, {"ok": True}) is True
    assert (row(database, job).state, row(database, job).result) == ("done", '{"ok":true}')


def test_an_effect_and_its_end_are_one(database: Database, queue: JobQueue) -> None:
    job = add(database, queue)
    queue.claim(job)
    with contextlib.suppress(ZeroDivisionError), database.write() as session:
        assert queue.finish(session, job)
        session.flush()
        raise ZeroDivisionError
    assert row(database, job).state == "running"


def test_at_the_start_nothing_of_the_process_before_is_alive(
    database: Database, queue: JobQueue, another: JobQueue
) -> None:
    job = add(database, queue)
    queue.claim(job)
    another.release_dead()
    assert another.claim(job) is not None


def test_a_waiting_job_is_cancelled_at_once(database: Database, queue: JobQueue) -> None:
    job = add(database, queue)
    with database.write() as session:
        queue.cancel(session, job)
    assert row(database, job).state == "cancelled"
    assert queue.claim(job) is None


def test_a_failure_is_kept_in_words(database: Database, queue: JobQueue) -> None:
    job = add(database, queue)
    queue.claim(job)
    queue.stop(job, "failed", InvalidFields({"name": ["too long", "too odd"]}, code="bad-name"))
    kept = row(database, job)
    assert (kept.state, kept.message, kept.code) == ("failed", "too long", "bad-name")
    assert '"validation_errors":{"name":["too long","too odd"]}' in (kept.error or "")


def test_old_jobs_are_forgotten_and_young_ones_kept(database: Database, queue: JobQueue) -> None:
    old, young = add(database, queue), add(database, queue)
    for job in (old, young):
        queue.claim(job)
        queue.stop(job, "done")
    with database.write() as session:
        session.execute(update(Job).where(Job.id == old).values(finished_at=now() - timedelta(days=40)))
    queue.forget_old()
    with database.read() as session:
        assert session.get(Job, old) is None
        assert session.get(Job, young) is not None


def test_of_two_transactions_with_one_key_one_writes(
    database: Database, queue: JobQueue, another: JobQueue
) -> None:
    spec = JobSpec("test", {}, idempotency_key="once")
    written: list[int | None] = []

    def second() -> None:
        with database.write() as session:
            written.append(another.add(session, spec))

    thread = threading.Thread(target=second)
    with database.write() as session:
        first = queue.add(session, spec)
        thread.start()
        thread.join(timeout=0.7)  # time enough to look for the key, and to wait for this transaction
        assert thread.is_alive()
    thread.join(timeout=30)
    assert first is not None
    assert written == [None]
