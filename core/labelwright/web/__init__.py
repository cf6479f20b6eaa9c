"""The REST API and the pages; ``fields`` are those that plugins declare their bodies with, too."""

from labelwright import fields as fields
