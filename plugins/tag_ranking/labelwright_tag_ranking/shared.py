"""What controls have that answer a question once for the whole task."""

from labelwright.api import CLASSIFICATION_ATTRIBUTES, VISIBILITY_ATTRIBUTES

QUESTION_ATTRIBUTES = {
    name: CLASSIFICATION_ATTRIBUTES[name] for name in ("required", "requiredMessage")
} | VISIBILITY_ATTRIBUTES
