"""Choices: one or several answers about a whole task or a region."""
