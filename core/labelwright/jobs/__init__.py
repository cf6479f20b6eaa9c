"""Long work done: Celery brings the message, the row in the database is the truth (see ``services/queue.py``)."""
