/** Requests to our server: JSON both ways, errors as one typed class, the sub-path and the CSRF token put in. */
import { boot, url } from "../boot.ts";

export type Query = Record<string, string | number | boolean | null | undefined | (string | number)[]>;

export interface RequestOptions {
  query?: Query;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** Ask for long work as a job: the server answers 202 with it at once. */
  respondAsync?: boolean;
  /** Let the request outlive the page; its body must be small (64 kB). */
  keepalive?: boolean;
  /** Give back 401 as an error instead of going to the log-in page. */
  stayWhenSignedOut?: boolean;
}

export interface UploadOptions extends RequestOptions {
  /** Bytes sent so far, of how many. */
  onProgress?: (sent: number, total: number) => void;
}

/** The parts of Label Studio's error body, and our additions to it. */
interface ErrorBody {
  detail?: unknown;
  code?: string;
  params?: Record<string, unknown>;
  validation_errors?: Record<string, string[] | string>;
  id?: string;
}

/** A refusal by the server, or no answer at all (`status` 0, `code` "no-connection"). */
export class ApiError extends Error {
  readonly status: number;
  /** Kebab-case name of the reason, e.g. `draft-conflict`; `describeError` turns it into the user's language. */
  readonly code: string;
  readonly params: Record<string, unknown>;
  /** The server's English sentence. */
  readonly detail: string;
  /** Messages by input field; `non_field_errors` for those of none. */
  readonly fields: Record<string, string[]>;
  /** The answer's whole body. */
  readonly body: unknown;

  constructor(status: number, body: unknown, fallback: string) {
    const parts: ErrorBody = typeof body === "object" && body !== null ? (body as ErrorBody) : {};
    const detail = typeof parts.detail === "string" && parts.detail ? parts.detail : fallback;
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.detail = detail;
    this.code = parts.code ?? (status === 0 ? "no-connection" : `http-${status}`);
    this.params = parts.params ?? {};
    this.fields = Object.fromEntries(
      Object.entries(parts.validation_errors ?? {}).map(([field, texts]) => [field, [texts].flat().map(String)]),
    );
    this.body = body;
  }
}

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

export function withQuery(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined) continue;
    for (const one of [value].flat()) search.append(name, String(one));
  }
  const text = search.toString();
  return text ? `${path}${path.includes("?") ? "&" : "?"}${text}` : path;
}

function headersFor(method: string, options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  if (UNSAFE.has(method) && boot.csrf) headers["X-CSRFToken"] = boot.csrf;
  if (options.respondAsync) headers["Prefer"] = "respond-async";
  return headers;
}

/** Go to the log-in page and come back here afterwards. */
export function signIn(): void {
  const here = location.pathname.slice(boot.base.length) + location.search;
  location.assign(withQuery(url("/user/login/"), { next: here }));
}

function parse(text: string): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function settle(status: number, text: string, statusText: string, options: RequestOptions): unknown {
  const body = parse(text);
  if (status >= 200 && status < 300) return body;
  if (status === 401 && !options.stayWhenSignedOut && boot.user) signIn();
  throw new ApiError(status, body, statusText || `HTTP ${status}`);
}

const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

async function request(method: string, path: string, body: unknown, options: RequestOptions): Promise<unknown> {
  const headers = headersFor(method, options);
  const isForm = body instanceof FormData || body instanceof URLSearchParams || body instanceof Blob;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url(withQuery(path, options.query)), {
      method,
      headers,
      body: body === undefined ? undefined : isForm ? (body as BodyInit) : JSON.stringify(body),
      credentials: "same-origin",
      signal: options.signal,
      keepalive: options.keepalive,
    });
    text = await answer.text();
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new ApiError(0, null, "The server does not answer.");
  }
  return settle(answer.status, text, answer.statusText, options);
}

/** Send a form with files, telling how far it is: `fetch` cannot tell that yet. */
function upload(path: string, form: FormData, options: UploadOptions = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", url(withQuery(path, options.query)));
    for (const [name, value] of Object.entries(headersFor("POST", options))) sending.setRequestHeader(name, value);
    sending.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded, event.total);
    };
    sending.onload = () => {
      try {
        resolve(settle(sending.status, sending.responseText, sending.statusText, options));
      } catch (error) {
        reject(error as Error);
      }
    };
    sending.onerror = () => reject(new ApiError(0, null, "The server does not answer."));
    sending.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    if (options.signal?.aborted) return sending.onabort?.(new ProgressEvent("abort"));
    options.signal?.addEventListener("abort", () => sending.abort(), { once: true });
    sending.send(form);
  });
}

export const api = {
  get: <T = unknown>(path: string, options: RequestOptions = {}) => request("GET", path, undefined, options) as Promise<T>,
  post: <T = unknown>(path: string, body?: unknown, options: RequestOptions = {}) =>
    request("POST", path, body ?? {}, options) as Promise<T>,
  put: <T = unknown>(path: string, body?: unknown, options: RequestOptions = {}) =>
    request("PUT", path, body ?? {}, options) as Promise<T>,
  patch: <T = unknown>(path: string, body?: unknown, options: RequestOptions = {}) =>
    request("PATCH", path, body ?? {}, options) as Promise<T>,
  delete: <T = unknown>(path: string, body?: unknown, options: RequestOptions = {}) =>
    request("DELETE", path, body, options) as Promise<T>,
  upload: <T = unknown>(path: string, form: FormData, options: UploadOptions = {}) => upload(path, form, options) as Promise<T>,
};
