"""The data manager's engine: which of a project's tasks, in what order, a page of them, and all of them at once."""
