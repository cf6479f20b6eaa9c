"""People at work: a real Chromium in front of a real server, by clicks, keys and drops alone."""
