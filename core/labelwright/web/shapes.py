"""What the API answers, noun by noun: OpenAPI is made from it, and a test holds real answers against it."""

from __future__ import annotations

from labelwright.fields import Anything, Decimal, Flag, Many, Mapping, Moment, Part, Schema, Text, Whole


def page_of(row: type[Schema]) -> type[Schema]:
    """``count``, ``next``, ``previous`` and ``results``."""
    return type(
        f"PageOf{row.__name__}",
        (Schema,),
        {
            "count": Whole(),
            "next": Text(allow_none=True),
            "previous": Text(allow_none=True),
            "results": Many(Part(row)),
        },
    )


class UserSimple(Schema):
    id = Whole()
    first_name = Text()
    last_name = Text()
    email = Text()
    avatar = Text(allow_none=True)


class ProjectCounts(Schema):
    id = Whole()
    task_number = Whole()
    finished_task_number = Whole()
    total_predictions_number = Whole()
    total_annotations_number = Whole()
    num_tasks_with_annotations = Whole()
    useful_annotation_number = Whole()
    ground_truth_number = Whole()
    skipped_annotations_number = Whole()


class ProjectOut(ProjectCounts):
    title = Text()
    description = Text(allow_none=True)
    label_config = Text()
    expert_instruction = Text(allow_none=True)
    show_instruction = Flag()
    show_skip_button = Flag()
    enable_empty_annotation = Flag()
    show_annotation_history = Flag()
    organization = Whole()
    color = Text(allow_none=True)
    maximum_annotations = Whole()
    is_published = Flag()
    model_version = Text(allow_none=True)
    is_draft = Flag()
    created_by = Part(UserSimple, allow_none=True)
    created_at = Moment()
    min_annotations_to_start_training = Whole()
    start_training_on_annotation_update = Flag()
    show_collab_predictions = Flag()
    sampling = Text()
    show_ground_truth_first = Flag()
    annotator_evaluation_enabled = Flag()
    show_overlap_first = Flag()
    overlap_cohort_percentage = Whole()
    task_data_login = Text(allow_none=True)
    task_data_password = Text(allow_none=True)
    control_weights = Mapping(allow_none=True)
    parsed_label_config = Mapping()
    evaluate_predictions_automatically = Flag()
    config_has_control_tags = Flag()
    skip_queue = Text()
    reveal_preannotations_interactively = Flag()
    pinned_at = Moment(allow_none=True)
    queue_total = Whole()
    queue_done = Whole()
    config_suitable_for_bulk_annotation = Flag()
    state = Text(allow_none=True)


class ProjectSummary(Schema):
    project = Whole()
    created_at = Moment()
    all_data_columns = Mapping()
    common_data_columns = Many(Text())
    created_annotations = Mapping()
    created_labels = Mapping()
    created_labels_drafts = Mapping()


class ConfigChecked(Schema):
    config_essential_data_has_changed = Flag(allow_none=True)


class SampleTask(Schema):
    sample_task = Mapping()


class AnnotationOut(Schema):
    id = Whole()
    result = Many(Mapping(), allow_none=True)
    created_username = Text()
    created_ago = Text()
    completed_by = Whole(allow_none=True)
    was_cancelled = Flag()
    ground_truth = Flag()
    created_at = Moment()
    updated_at = Moment()
    draft_created_at = Moment(allow_none=True)
    lead_time = Decimal(allow_none=True)
    import_id = Whole(allow_none=True)
    last_action = Text(allow_none=True)
    bulk_created = Flag()
    task = Whole()
    project = Whole()
    updated_by = Whole(allow_none=True)
    parent_prediction = Whole(allow_none=True)
    parent_annotation = Whole(allow_none=True)
    last_created_by = Whole(allow_none=True)


class AnnotationWithAuthor(AnnotationOut):
    """An annotation inside a task, which names its author in full."""

    completed_by = Mapping(allow_none=True)  # type: ignore[assignment]


class DraftOut(Schema):
    id = Whole()
    user = Text()
    created_username = Text()
    created_ago = Text()
    result = Many(Mapping(), allow_none=True)
    lead_time = Decimal(allow_none=True)
    was_postponed = Flag()
    import_id = Whole(allow_none=True)
    created_at = Moment()
    updated_at = Moment()
    task = Whole()
    annotation = Whole(allow_none=True)
    revision = Whole()


class PredictionOut(Schema):
    id = Whole()
    result = Many(Mapping(), allow_none=True)
    model_version = Text(allow_none=True)
    created_ago = Text()
    score = Decimal(allow_none=True)
    cluster = Whole(allow_none=True)
    neighbors = Anything(allow_none=True)
    mislabeling = Decimal(allow_none=True)
    created_at = Moment()
    updated_at = Moment()
    model = Whole(allow_none=True)
    model_run = Whole(allow_none=True)
    task = Whole()
    project = Whole()


class TaskColumns(Schema):
    id = Whole()
    data = Mapping()
    meta = Anything(allow_none=True)
    created_at = Moment()
    updated_at = Moment()
    is_labeled = Flag()
    overlap = Whole()
    inner_id = Whole()
    total_annotations = Whole()
    cancelled_annotations = Whole()
    total_predictions = Whole()
    comment_count = Whole()
    unresolved_comment_count = Whole()
    last_comment_updated_at = Moment(allow_none=True)
    project = Whole()
    comment_authors = Many(Whole())


class BaseTask(TaskColumns):
    updated_by = Whole(allow_none=True)
    file_upload = Whole(allow_none=True)


class SimpleTask(BaseTask):
    annotations = Many(Part(AnnotationOut))
    predictions = Many(Part(PredictionOut))


class TaskOut(TaskColumns):
    predictions = Many(Part(PredictionOut))
    annotations = Many(Part(AnnotationWithAuthor))
    drafts = Many(Part(DraftOut))
    annotators = Many(Whole())
    completed_at = Moment(allow_none=True)
    annotations_results = Text()
    predictions_results = Text()
    predictions_score = Decimal(allow_none=True)
    file_upload = Text(allow_none=True)
    storage_filename = Text(allow_none=True)
    annotations_ids = Text()
    predictions_model_versions = Text()
    avg_lead_time = Decimal(allow_none=True)
    draft_exists = Flag()
    updated_by = Many(Mapping())
    allow_skip = Flag()


class FileUploadOut(Schema):
    id = Whole()
    file = Text()
    size = Whole()


class Counts(Schema):
    """What an import brought."""

    task_count = Whole(allow_none=True)
    annotation_count = Whole(allow_none=True)
    prediction_count = Whole(allow_none=True)
    duration = Decimal()
    file_upload_ids = Many(Whole())
    found_formats = Anything()
    data_columns = Many(Text())


class ReimportAnswer(Counts):
    task_ids = Many(Whole())


class ImportAnswer(ReimportAnswer):
    could_be_tasks_list = Flag()


class ReimportOut(Counts):
    id = Whole()
    project = Whole()
    status = Text()
    error = Text(allow_none=True)
    files_as_tasks_list = Flag()


class ImportOut(Counts):
    id = Whole()
    project = Whole()
    preannotated_from_fields = Many(Text(), allow_none=True)
    commit_to_project = Flag()
    return_task_ids = Flag()
    status = Text()
    url = Text(allow_none=True)
    error = Text(allow_none=True)
    created_at = Moment()
    updated_at = Moment()
    finished_at = Moment(allow_none=True)
    could_be_tasks_list = Flag()
    tasks = Many(Mapping())
    task_ids = Many(Whole())


class Deleted(Schema):
    deleted = Whole()


class PredictionsDeleted(Schema):
    deleted_predictions = Whole()


class Created(Schema):
    created = Whole()


class ExportOption(Schema):
    name = Text()
    label = Text()
    hint = Text()
    value = Flag()


class ExportFormat(Schema):
    name = Text()
    title = Text()
    description = Text()
    link = Text(allow_none=True)
    tags = Many(Text())
    disabled = Flag()
    messages = Mapping()
    options = Many(Part(ExportOption))


class ConvertedFormat(Schema):
    id = Whole()
    status = Text()
    export_type = Text()
    traceback = Text(allow_none=True)


class ExportOut(Schema):
    id = Whole()
    title = Text(allow_none=True)
    created_by = Part(UserSimple, allow_none=True)
    created_at = Moment()
    finished_at = Moment(allow_none=True)
    status = Text()
    md5 = Text(allow_none=True)
    counters = Anything(allow_none=True)
    converted_formats = Many(Part(ConvertedFormat))
    job = Whole(allow_none=True)


class ExportMade(ExportOut):
    task_filter_options = Mapping(allow_none=True)
    annotation_filter_options = Mapping(allow_none=True)
    serialization_options = Mapping(allow_none=True)


class ExportConverted(Schema):
    export_type = Text()
    converted_format = Whole()
