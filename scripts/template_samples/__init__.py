"""Draws what the sample tasks of templates show."""
