"""Image, RectangleLabels and Rectangle: boxes on pictures."""
