"""The real programs that tests run against, each private to the run: own folder, own port, ended by its pid.

A program that is missing is an error, never a skipped test: `make test` installs them (scripts/services.sh).
"""
