"""Actions on answers: copy, rename and delete them, and make annotations of predictions."""

from labelwright.api import Action, hookimpl
from labelwright_action_annotations.copies import PredictionsToAnnotations, PropagateAnnotations
from labelwright_action_annotations.deletions import DeleteAnnotations, DeletePredictions
from labelwright_action_annotations.rename import RenameLabels


@hookimpl
def register_actions() -> list[type[Action]]:
    return [
        PropagateAnnotations,
        RenameLabels,
        PredictionsToAnnotations,
        DeleteAnnotations,
        DeletePredictions,
    ]
