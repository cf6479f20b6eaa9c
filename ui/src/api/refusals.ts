/**
 * Why the server refused, in our words: by the code of the refusal, with its params.
 *
 * The server's own sentences are Label Studio's, in English, and often quote what was sent; these say what is wrong
 * and what helps, in the user's language. A code that is not here keeps the server's sentence.
 */
import { formatBytes, t, type Params } from "../i18n/index.ts";

type Words = (params: Params) => string;

const list = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value ?? ""));
const bytes = (value: unknown): string => formatBytes(Number(value) || 0);

export const REFUSALS: Record<string, Words> = {
  "no-connection": () => t("The server does not answer. Check the connection; what you typed is still here."),
  "not-authenticated": () => t("You are signed out. Log in again."),
  "permission-denied": () => t("You may not do this. Ask the owner of the organization."),
  "owner-only": () => t("Only the owner of the organization may do this."),
  unavailable: () => t("A service that the server needs does not answer. Nothing was saved; try again in a moment."),
  "out-of-space": () => t("The server's disk is full. Nothing was saved."),
  "plugin-failed": () => t("A plugin failed. Nothing was saved; the Plugins page says which and why."),

  // Files and imports
  "file-extension": (p) => t("The server does not read {extension} files.", p),
  "file-content": (p) => (p.extension ? t("The content does not fit the extension {extension}: the file is damaged, or of another type.", p) : t("This is no image, or it is damaged.")),
  "file-name": () => t("The file has no name that can be used."),
  "image-size": (p) => t("The image has more than {max_pixels} pixels.", p),
  "empty-file": () => t("The file is empty."),
  "too-many-files": (p) => t("At most {limit} files can be sent together.", p),
  "too-many-tasks": (p) => t("One import may have {limit} tasks; divide it.", p),
  "too-large": () => t("This is larger than the server accepts."),
  "no-tasks": () => t("No task was found in it."),
  "no-files": () => t("No file arrived."),
  "not-json": () => t("This is not valid JSON."),
  "not-utf-8": () => t("The text is in an encoding that cannot be read. Save it as UTF-8."),
  "unknown-encoding": () => t("The text is in an encoding that cannot be read. Save it as UTF-8."),
  "ragged-table": (p) => t("This row has another number of cells ({cells}) than the first ({expected}).", p),
  "bad-table": () => t("This is not a table that can be read. Check the quotation marks and separators."),
  "too-many-columns": (p) => t("The table has {columns} columns; at most {limit} are read.", p),
  "long-line": (p) => t("The line is longer than {limit} characters.", p),
  "field-missing": (p) => t("The labelling interface needs the field “{field}”, which is missing here.", p),
  "field-type": (p) => t("The field “{field}” is of a type that {tag} cannot show.", p),
  "data-not-object": () => t("The task's data must be an object with named fields."),
  "data-empty": () => t("The task has no data."),
  "no-data": () => t("The task has no data."),
  "file-for-many-fields": (p) => t("A file by itself is one value, but the labelling interface reads several fields: {fields}. Import a JSON or CSV file that names them.", { fields: list(p.fields) }),
  "no-common-field": () => t("It has no field in common with the other files of this import."),
  "no-such-field": (p) => t("There is no field “{field}”.", p),
  "result-missing": () => t("An annotation or prediction needs a “result”."),
  "result-not-list": () => t("“result” must be a list."),
  "result-is-no-list": () => t("“result” must be a list."),
  "prediction-misfit": () => t("A prediction does not fit the labelling interface."),
  "unknown-email": (p) => t("Nobody here has the e-mail {email}.", p),
  "unknown-annotator": (p) => t("Nobody here has the id or e-mail {completed_by}.", p),
  "import-under-way": () => t("The same import is under way already."),
  "key-of-another-request": () => t("This key was used by another request before."),
  "needs-respond-async": () => t("This is too much to import while you wait; it has to be done in the background."),
  "too-many-members": (p) => t("A packed file may hold {limit} files.", p),
  "unpacked-too-large": () => t("The packed file holds more than may be unpacked."),
  "member-path": () => t("A path in the packed file leads out of it, or cannot be used."),
  "nested-archive": () => t("A packed file within a packed file is not read. Unpack it first."),
  "damaged-archive": () => t("The packed file is damaged, or is none."),
  encrypted: () => t("The packed file is encrypted. Pack it without a password."),
  "packing-method": () => t("The file is packed in a way that is not read. Use a plain zip."),
  quota: (p) => t("The files of this project may have {size} together.", { size: bytes(p.limit) }),
  "other-sha256": () => t("What arrived is not what was sent. Send the file again."),
  "upload-busy": () => t("Another piece of this file is being written."),
  "pyarrow-missing": () => t("Parquet files need pyarrow, which is not installed on this server."),
  "large-row-group": () => t("The Parquet file has row groups that are too large. Write it with smaller ones."),
  "import-interrupted": () => t("The import was interrupted; nothing of it was stored. Import again."),
  "import-cancelled": () => t("The import was cancelled; nothing of it was stored."),
  "job-gave-up": () => t("The work was begun several times and never came to its end. Copy the report for whoever runs the server."),
  "url-refused": () => t("This address may not be fetched: it leads into a private network, or is of a kind that is not allowed."),
  "no-model-connected": () => t("No model is connected to this project."),
  "no-task-to-try": () => t("The project has no task to try the model with."),
  "model-unreached": (p) => t("The model at {url} cannot be reached. Is it running, and open to this server?", p),
  "model-unhealthy": (p) => t("The model at {url} says that it is not well: status {status}.", p),
  "model-no-backend": (p) => t("What answers at {url} is no ML backend: status {status}.", p),
  "model-sign-in-refused": (p) => t("The model at {url} does not accept this user name and password.", p),
  "model-sign-in": () => t("Signing in needs a user name and a password."),
  "model-refused": (p) => t("The model at {url} refused: status {status}.", p),
  "model-nonsense": () => t("The model answered something else than predictions."),
  "model-said-nothing": () => t("The model said nothing."),
  "model-miscounted": (p) => t("The model gave {answers} answers for {tasks} tasks.", p),
  "model-misfit": (p) => t("The model's prediction for task {task} does not fit the labelling interface: {reason}", p),
  "url-failed": () => t("Nothing could be fetched from this address."),
  "url-too-slow": () => t("The address took too long to answer."),
  "url-too-large": (p) => t("The file is larger than {size}.", { size: bytes(p.limit) }),

  // Work on many tasks
  "search-not-ready": () => t("The tasks of this project are being read for the search. Try again in a few minutes."),

  // Exports
  "unsuited-export-format": () => t("This format cannot hold what the labelling interface asks for."),
  "unknown-export-format": () => t("There is no such export format. The plugin that brings it may have been switched off."),
  "export-unfinished": () => t("The export is not finished yet."),

  // Accounts
  "email-taken": () => t("This e-mail has an account already."),
  "email-invalid": () => t("This is no e-mail address."),
  "password-length": (p) => t("A password has {min} to {max} characters.", p),
  "password-common": () => t("This password is too common."),
  "password-personal": () => t("The password is too similar to your name or e-mail."),
  "password-characters": () => t("The password holds a character that cannot be typed."),
  "password-wrong": () => t("The present password is wrong."),
  "not-own-profile": () => t("Only the person themselves may change this."),
  "avatar-too-large": () => t("The picture is larger than 1 MB."),
  "avatar-type": () => t("Pictures are PNG, JPEG, GIF or WebP."),
  "token-not-found": () => t("This token is not known, or was revoked."),
  "token-revoked": () => t("This token is not known, or was revoked."),
  "no-such-user": () => t("Nobody has this id or e-mail."),
  "account-disabled": () => t("This account is switched off. Ask the owner of the organization."),
  "personal-tokens-disabled": () => t("Personal access tokens are switched off in this organization."),
  "legacy-tokens-disabled": () => t("Legacy tokens are switched off in this organization."),
  "too-many-requests": () => t("Too many requests. Wait a moment, then try again."),
};

/** What a status says by itself, where no code says more. */
export function wordsOfStatus(status: number): string | null {
  switch (status) {
    case 0: return REFUSALS["no-connection"]!({});
    case 401: return REFUSALS["not-authenticated"]!({});
    case 404: return t("This does not exist any more, or you may not see it.");
    case 500: return t("The server failed. Nothing you did is wrong; copy the report for whoever runs the server.");
    case 502: case 503: return t("The server is not reachable at the moment. Try again in a moment.");
    case 504: return t("The server took too long to answer. Try again in a moment.");
    case 507: return REFUSALS["out-of-space"]!({});
    default: return null;
  }
}

/** What a status says where the server's sentence is in another language. */
export function wordsInstead(status: number): string | null {
  switch (status) {
    case 403: return REFUSALS["permission-denied"]!({});
    case 409: return t("Somebody changed this meanwhile. Load it again and repeat your change.");
    case 413: return REFUSALS["too-large"]!({});
    case 415: return t("The server does not read files of this type.");
    case 429: return REFUSALS["too-many-requests"]!({});
    default: return null;
  }
}
