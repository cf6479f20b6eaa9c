"""JSON and JSON_MIN: annotations as they are stored."""
