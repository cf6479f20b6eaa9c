"""``labelwright start PATH``: a project for a folder or a file, its configuration guessed from what is there.

``guess`` looks at files, ``folders`` takes them in, ``arrivals`` lets the person in who typed the command.
"""
