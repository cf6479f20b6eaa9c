"""Text and Labels: spans in plain text."""
