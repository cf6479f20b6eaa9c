"""One door each: outgoing requests, paths, uploaded files, keys, passwords, request bodies, guesses, HTML, logs.

Whatever comes in from outside, or goes out because somebody outside asked, passes here and nowhere else.
"""
