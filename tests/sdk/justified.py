"""Where ours answers otherwise than Label Studio, and why. Anything else that differs is a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Difference:
    """One reason.

    :param step: names of steps, :param path: places in what was exchanged, :param words: how they differ; with ``*``.
    """

    step: str
    path: str
    reason: str
    words: str = "*"

    def covers(self, step: str, path: str, words: str) -> bool:
        return (
            fnmatchcase(step, self.step) and fnmatchcase(path, self.path) and fnmatchcase(words, self.words)
        )


PENDING: dict[str, str] = {}
"""Beginnings of names of steps that ours cannot take yet."""

WHOLE_ERROR = "every error has the one shape; here alone theirs is bare"
OWN_WORDS = "our own words, which say what would be right"
NAMED = "the error stands under the name of the field at fault"
BOUNDED = "a value that makes no sense is refused, and the answer says what would be right"
ALONE = "set by the server alone: what a caller says of it is ignored"
HIDDEN = "a route that is not there is a page there; an object that is not there is JSON here, under every spelling"
TABS = "a table with tabs is called .tsv: who goes by .csv reads it as one column"
UNRETRIEVED = "no prediction was retrieved, and the answer says why"

DIFFERENCES = [
    # Everywhere.
    Difference("*", "*/code", "errors carry a machine's word, from which the browser speaks", "is added"),
    Difference("*", "*/agreement", "a column of a plugin, under Label Studio Enterprise's name", "is added"),
    Difference("*", "*/params", "errors carry what their words are filled with", "is added"),
    Difference("*", "*/problems", "a configuration's errors come with line, tag and remedy", "is added"),
    Difference(
        "*", "*/status", "theirs is a mistake of the server; ours says what is wrong", "is 4??, not 5??*"
    ),
    Difference("*", "/?/answer", HIDDEN, 'is {"id": "<uuid>", "status_code": 404*, not "<page>"'),
    Difference("*", "/?/type", HIDDEN, 'is "application/json", not "text/html"'),
    # The server.
    Difference("versions.get", "/0/answer/*", "our parts are others than theirs"),
    Difference("projects.exports.as_*", "/0/answer/*", "our parts are others than theirs"),
    Difference("server: /api/version*", "/0/answer/*", "our parts are others than theirs"),
    Difference(
        "server: /version*", "/0/*", "JSON at both addresses: the page that theirs shows is for people"
    ),
    Difference("server: /feature-flags", "/0/status", "there are no flags", "is 404, not 403*"),
    Difference(
        "server: /projects/1/data as nobody", "/0/headers/location", "as it was asked for, without a slash"
    ),
    Difference(
        "server: schema as nobody", "/0/status", "the schema needs a log-in unless the settings say otherwise"
    ),
    Difference("server: a method that is not", "/0/status", "an unknown method is 405", "is 405, not 200*"),
    # The data manager.
    Difference("tasks.list", "*/allow_skip", "whether the task may be skipped", "is added"),
    Difference(
        "tasks.list",
        "*_results",
        "the text of the results as they were sent, without spaces that nobody sent",
        'is "*',
    ),
    Difference(
        "tasks.list",
        "*/predictions_score",
        "the mean of all predictions where the project names no version of a model",
        "is 0.5, not null",
    ),
    Difference("actions.list", "*/experimental*", "said of every action"),
    Difference("actions.list", "*/messages", "a plugin's own translations", "is added"),
    Difference("actions.list", "*/undo", "whether it can be taken back", "is added"),
    # Webhooks and states.
    Difference(
        "webhooks.create", "/0/headers", "the address of a receiver is none of ours to lead to", "is missing"
    ),
    Difference("states.state_history", "/0/answer/*", "told from the rows, where theirs tells nothing"),
    # Who asks.
    Difference(
        "nobody: *", "/0/answer/detail", "one sentence for every bad token: it tells nothing to who guesses"
    ),
    Difference("tokens.refresh: *", "/?/headers/www-authenticate", "the same challenge at every address"),
    Difference(
        "caller: whoami", "/0/status", "each address works with a slash and without", "is 200, not 404*"
    ),
    Difference(
        "caller: token", "/0/status", "each address works with a slash and without", "is 200, not 404*"
    ),
    Difference("caller: product tour*", "/0/answer/steps", "the tours of their pages are none of ours"),
    Difference("caller: unknown product tour", "/0/answer/validation_errors/name/0", OWN_WORDS),
    Difference("caller: *hotkey*", "/0/answer/details/custom_hotkeys*", OWN_WORDS),
    Difference("caller: *hotkey*", "/0/answer/*", WHOLE_ERROR, "is added"),
    Difference("users.update_hotkeys: broken", "/0/answer/details/custom_hotkeys/0", OWN_WORDS),
    Difference("users.update_hotkeys: broken", "/0/answer/*", WHOLE_ERROR, "is added"),
    Difference(
        "users.whoami*", "/0/answer/permissions*", "ours are permissions of this server's own actions"
    ),
    Difference(
        "users.whoami*", "/0/answer/role", "the role, by which pages show what may be done", "is added"
    ),
    Difference("users.whoami*", "/0/answer/locale", "the language that was chosen", "is added"),
    Difference("users.get_token", "/0/answer/detail", "as their description of the API has it", "is added"),
    Difference("tokens.*", "/0/answer/*created_at", "when a token was made", "is added"),
    Difference("tokens.*", "/0/answer/*expires_at", "when a token ends", "is added"),
    Difference("tokens.blacklist: *", "/?/answer/*", WHOLE_ERROR, "is added"),
    # People and organisations.
    Difference("users.list", "/0/answer/0/*", "what other people had set there"),
    Difference("organization: all members", "/0/answer/results/0/user/*", "what other people had set there"),
    Difference(
        "users.update: another's", "/0/status", "nobody changes another's profile", "is 403, not 200*"
    ),
    Difference("users.create", "/0/answer/active_organization", "who is made is a member at once"),
    Difference(
        "users.create: there already", "/0/answer/validation_errors/email/0", "as the sign-up form says it"
    ),
    Difference(
        "people: create without anything",
        "/0/answer/validation_errors/*",
        "the e-mail is what an account needs",
    ),
    Difference("people: no avatar sent", "/0/status", BOUNDED, "is 400, not 200*"),
    Difference("organizations.*", "/0/answer/*contact_info", "no contact was set here"),
    Difference(
        "organization*", "/0/answer/token", "the invitation is shown where it is asked for, at /api/invite"
    ),
    Difference("organizations.*", "/0/answer/invite_url", "a whole address, which can be sent to people"),
    Difference("organization*", "/0/answer/*role", "the member's role", "is added"),
    Difference("organization*", "/0/answer/*created_at", "when the member came", "is added"),
    Difference("organizations.members.delete: oneself", "/0/answer/*", WHOLE_ERROR, "is added"),
    # Projects.
    Difference("projects.create*", "/0/answer/*_number", "a count of a new project is 0", "is 0, not null"),
    Difference("projects.create*", "/0/answer/num_tasks_with_annotations", "a count of a new project is 0"),
    Difference("projects: *", "/0/answer/*_number", "a count of a new project is 0", "is 0, not null"),
    Difference(
        "projects: *",
        "/0/answer/num_tasks_with_annotations",
        "a count of a new project is 0",
        "is 0, not null",
    ),
    Difference(
        "projects.create: all settings", "/0/answer/task_data_password", "secrets are written and never shown"
    ),
    Difference(
        "projects.create: all settings", "/0/answer/is_draft", "a draft stays one until it says otherwise"
    ),
    Difference("projects.create: no annotations", "/0/status", BOUNDED),
    Difference("projects*: * annotations negative", "/0/status", BOUNDED),
    Difference("projects*: * annotations huge", "/0/status", BOUNDED),
    Difference("projects*: * overlap over a hundred", "/0/status", BOUNDED),
    Difference("projects: change, weights odd", "/0/status", BOUNDED),
    Difference(
        "projects: change, weights of nothing", "/0/answer/control_weights/*", "as when a project is made"
    ),
    Difference("projects*", "/0/answer/validation_errors/label_config/0", OWN_WORDS),
    Difference("projects: validate broken", "/0/answer/label_config/0", OWN_WORDS),
    Difference(
        "projects.update: used label lost", "/0/status", "answers that are stored never lose their label"
    ),
    Difference(
        "projects.validate_label_config: with tasks", "/0/answer/*", "the tasks are looked at, so it is known"
    ),
    Difference("projects.validate_label_config: used label lost", "/0/answer/validation_errors*", NAMED),
    Difference("projects.validate_label_config: broken", "/0/answer/detail", NAMED),
    Difference("projects.validate_label_config: broken", "/0/answer/validation_errors", NAMED),
    Difference("projects: validate for one, nothing", "/0/answer/validation_errors/*", NAMED),
    Difference(
        "projects: by *", "/0/answer/*", "what a form does not name keeps its default", "is true, not false"
    ),
    Difference("projects: *, title null", "/0/answer/title", "a title is a text"),
    Difference("projects: create, description null", "/0/answer/description", "a description is a text"),
    Difference("projects: *, organization written", "/0/status", ALONE),
    Difference(
        "projects: *, script in the instruction", "/0/answer/expert_instruction", "a script is taken out"
    ),
    Difference("projects: put", "/0/answer/created_by", "who made a project stays known"),
    Difference("projects: broken JSON", "/0/answer/detail", "our parser's words, with the place"),
    Difference("projects: list by page*", "/0/status", BOUNDED, "is 400, not *"),
    Difference("projects: list by search=zzzzz", "/0/answer/*", "a search finds what it looks for"),
    Difference("projects: summary*", "/0/answer/all_data_columns/text", "one task is counted once"),
    Difference(
        "projects: summary with a draft", "/0/answer/created_labels_drafts/mood", "drafts are not counted"
    ),
    Difference(
        "projects: sample task of nothing", "/0/status", "without a configuration, the project's own is taken"
    ),
    Difference(
        "projects: label stream history", "/0/answer", "the task was answered, so it is in the history"
    ),
    Difference(
        "projects: next", "/0/answer/*", "the data manager's columns too, as of a single task", "is added"
    ),
    Difference(
        "templates: all", "/0/answer/templates/0/*", "every template has a place, a name and a plugin"
    ),
    # Tasks.
    Difference(
        "*", "*/inner_id", "the first task of a project has number 1, and numbers are given by the server"
    ),
    Difference("tasks*", "/0/answer/allow_skip", "whether the task may be skipped", "is added"),
    Difference("tasks.create: wrong data", "/0/answer/validation_errors/*", NAMED),
    Difference("tasks: *data*", "/0/answer/validation_errors/*", NAMED),
    Difference("projects: a wrong task", "/0/answer/validation_errors/*", NAMED),
    Difference("tasks.get", "/0/answer/predictions_score", "the mean of all, while no model is chosen"),
    Difference("tasks*", "/0/answer/total_annotations", "counts are exact: nobody writes them"),
    Difference("tasks*", "/0/answer/is_labeled", "follows from the counts"),
    Difference("tasks*", "/0/answer/overlap", "follows from the project's setting"),
    Difference("tasks.update: wrong data", "/0/status", "a task always has what the configuration needs"),
    Difference("tasks: change, data empty", "/0/status", "a task always has what the configuration needs"),
    Difference("tasks: change, *", "/0/answer/updated_by", "who changed it"),
    Difference("tasks: put", "/0/answer/updated_by", "who changed it"),
    Difference("tasks: to another project", "/0/status", "a task stays in its project", "is 200, not 404*"),
    # Annotations, drafts, predictions.
    Difference("*", "*/last_action", "what was done last, where theirs leaves it empty"),
    Difference(
        "annotations.create: same unique id", "", "the same answer again is answered again, not refused"
    ),
    Difference("annotations: *, result an object", "/0/answer/validation_errors/result/0", OWN_WORDS),
    Difference(
        "annotations: *, result null",
        "/0/status",
        "an answer without a result is taken, as when it is not named",
    ),
    Difference("annotations: *, skipped null", "/0/status", "null is as good as not named"),
    Difference("annotations: *, unknown parent", "/0/status", "a parent that is gone is no parent"),
    Difference("annotations: *, unknown action", "/0/status", ALONE),
    Difference("annotations: *, import id", "/0/answer/import_id", ALONE),
    Difference("annotations: *, bulk", "/0/answer/bulk_created", ALONE),
    Difference("annotations: by a form", "/0/answer/bulk_created", "a switch is true or false"),
    Difference(
        "annotations: *, no value",
        "/0/status",
        "kept byte for byte: a plugin may know such a result",
        "is 20*",
    ),
    Difference(
        "annotations: *, a unique id that is none", "/0/status", "any short text is a unique id", "is 20*"
    ),
    Difference("annotations: skip what may not be", "/0/status", "what may not be skipped is not skipped"),
    Difference("*", "*/revision", "what the next change of a draft must name", "is added"),
    Difference("drafts: create nothing", "/0/status", "a draft may begin empty"),
    Difference("drafts: create text", "/0/status", BOUNDED),
    Difference("drafts: list of an unknown task", "/0/status", "a task that is not there is 404"),
    Difference("drafts: another's", "/0/status", "a draft is its author's", "is 404, not 200*"),
    Difference(
        "predictions*", "/0/answer/result", "the short form becomes the whole; theirs loses it", "*, not null"
    ),
    Difference("predictions: *, result null", "/0/answer/validation_errors/result/0", OWN_WORDS),
    Difference("predictions: *, result text", "/0/status", BOUNDED),
    Difference("predictions: of an unknown *", "/0/status", "what is not there is 404", "is 404, not 400*"),
    Difference("predictions: of a task that is none", "/0/answer/validation_errors/task/0", OWN_WORDS),
    # Models.
    Difference("ml.*", "*/kind", "the kind of model: there are others than ML backends", "is added"),
    Difference("models: of a project", "*/kind", "the kind of model: there are others", "is added"),
    Difference("ml.create*", "/0/headers", "the address of a model is none of ours to lead to", "is missing"),
    Difference("ml.*", "/0/answer/validation_errors/non_field_errors/0", OWN_WORDS),
    Difference("ml.create: no address", "/0/status", NAMED, "is 400, not 403*"),
    Difference("ml.create: no time", "/0/status", BOUNDED, "is 400, not 201*"),
    Difference(
        "ml.*: and what becomes of it",
        "/1/answer",
        "what happens in a project is sent to a model when somebody makes a webhook for it, not unasked",
        "has 0 members, not 1*",
    ),
    Difference(
        "ml.delete: and what becomes of it",
        "/2/answer/results/0/model_version",
        "a project does not show the predictions of a model that is gone",
    ),
    Difference("ml.*: refused", "*/error_message", "why it is not connected"),
    Difference("ml.update: the title alone", "/0/status", "only what is named changes", "is 200, not 500*"),
    Difference(
        "ml.update: to another project", "/0/status", "a model stays in its project", "is 400, not 200*"
    ),
    Difference("ml.predict_interactive: refused", "/0/answer/errors/0", OWN_WORDS),
    Difference(
        "ml.list_model_versions: refused",
        "/0/status",
        "it is not the caller whom the model does not know: the version last known, and what the model said",
        "is 200, not 401*",
    ),
    Difference("actions.create: predictions of no model", "/0/status", UNRETRIEVED, "is 400, not 200*"),
    Difference("actions.create: * that refuses", "/0/status", UNRETRIEVED, "is 400, not 200*"),
    Difference(
        "models: try one",
        "/0/answer/predictions",
        "what was said, whichever kind of model said it",
        "is added",
    ),
    Difference(
        "models: try one",
        "/0/answer/[ru]*",
        "a model need not speak HTTP: what it was sent is the task",
        "is missing",
    ),
    Difference("models: try one", "/0/answer/task/*", "as exports have it", "is added"),
    # Imports, files, exports.
    Difference("projects.import_*", "/0/answer/validation_errors/non_field_errors/0", OWN_WORDS),
    Difference("imports: *", "/0/answer/validation_errors/*", OWN_WORDS),
    Difference(
        "imports: a prediction alone", "/0/status", "one prediction is a list of one", "is 201, not 500*"
    ),
    Difference("imports: a prediction without a result", "/0/status", BOUNDED),
    Difference("files.list: chosen", "/0/status", "what the client sends is read", "is 200, not 500*"),
    Difference("files.download", "/0/headers", "the file's name", "is added"),
    Difference("files: put", "/0/status", "a file is not replaced", "is 405, not 400*"),
    Difference("files: list without asking for all", "/0/answer", "all, where none are picked"),
    Difference(
        "projects.exports.list_formats", "/0/answer/0/messages", "words in other languages", "is added"
    ),
    Difference("projects.exports.list_formats", "/0/answer/0/options?", "its own switches", "is added"),
    Difference("*exports*", "*/job", "the job that makes it, where there is one", "is added"),
    Difference(
        "projects.exports.download", "/0/headers/*", "the name of a file, without the server's folder"
    ),
    Difference("*exports*", "/?/type", TABS, 'is "application/*tsv"*'),
    Difference("*exports*", "/?/headers/*", TABS, "is *.tsv*"),
    Difference("projects.exports.convert: unknown", "/0/answer/validation_errors/export_type/0", OWN_WORDS),
    Difference("exports: create, options that are none", "/0/answer/validation_errors/*", NAMED),
    Difference("exports: create, an odd word", "/0/answer/validation_errors/*", NAMED),
    Difference("exports: create, an unknown view", "/0/status", BOUNDED),
    # Labels.
    Difference(
        "labels: list*", "/0/answer/*", "labels of the project that is named; theirs are all there are"
    ),
    Difference("labels: create, *", "/0/answer/validation_errors/*", NAMED),
    Difference("labels: create, no list", "/0/status", "one label is a list of one", "is 201, not 400*"),
    Difference(
        "labels: rename nothing",
        "/0/status",
        "each address works with a slash and without",
        "is 200, not 405*",
    ),
    Difference(
        "links: create", "/0/answer/annotations_count", "as their description of the API has it", "is added"
    ),
    # The legacy client.
    Difference("Client.get_versions", "/0/answer/*", "our parts are others than theirs"),
    Difference(
        "Client.get_api_key", "/3/answer/detail", "as their description of the API has it", "is added"
    ),
    Difference("*.start_project", "/0/answer/*_number", "a count of a new project is 0", "is 0, not null"),
    Difference(
        "*.start_project",
        "/0/answer/num_tasks_with_annotations",
        "a count of a new project is 0",
        "is 0, not null",
    ),
    Difference("Client.create_project", "/0/answer/*", "a count of a new project is 0", "is 0, not null"),
    Difference("Client.start_project: broken", "/0/answer/validation_errors/label_config/0", OWN_WORDS),
    Difference("Client.create_user", "/0/answer/active_organization", "who is made is a member at once"),
    Difference(
        "Client.create_user: there already",
        "/0/answer/validation_errors/email/0",
        "as the sign-up form says it",
    ),
    Difference("Client.get_users", "/0/answer/0/*", "what other people had set there"),
    Difference("Client.get_organization", "/1/answer/contact_info", "what another step has set there"),
    Difference("Client.get_organization", "/0/answer/role", "the role, by which pages show what may be done"),
    Difference("Client.get_organization", "/0/answer/locale", "the language that was chosen", "is added"),
    Difference(
        "Client.get_organization",
        "/1/answer/token",
        "the invitation is shown where it is asked for, at /api/invite",
    ),
    Difference(
        "Project.import_tasks: wrong data", "/0/answer/validation_errors/non_field_errors/0", OWN_WORDS
    ),
    Difference("Project.*task*", "*/allow_skip", "whether the task may be skipped", "is added"),
    Difference(
        "Project.*task*",
        "*_results",
        "the text of the results as they were sent, without spaces that nobody sent",
        'is "*',
    ),
    Difference(
        "Project.*task*",
        "*/predictions_score",
        "the mean of all predictions where the project names no version of a model",
        "is 0.5, not null",
    ),
    Difference(
        "Project.create_prediction: a *",
        "/0/answer/result/0/id",
        "a region has an id, by which the page speaks of it",
        "is added",
    ),
    Difference(
        "Project.create_view: of nothing", "/0/status", "a tab may be without filters", "is 201, not 500*"
    ),
    Difference("Project.export*", "*/job", "the job that makes it, where there is one", "is added"),
]


def is_pending(step: str) -> bool:
    return step.startswith(tuple(PENDING))


def excuse(step: str, path: str, words: str) -> Difference | None:
    """What excuses this difference, if anything does."""
    return next((one for one in DIFFERENCES if one.covers(step, path, words)), None)
