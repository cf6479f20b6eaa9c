"""Every setting of the core, in the order of the annotated file. Plugins declare their own."""

from __future__ import annotations

from labelwright.config.setting import Setting

MB = 1024**2
DAY = 86400

SETTINGS: tuple[Setting, ...] = (
    # --- the server
    Setting(
        "host",
        "",
        "The address people type, with its scheme and, behind a proxy, its path: links, uploads and "
        "redirects are built with it. Empty: http://localhost and the port.",
        kind="url",
        aliases=("HOST",),
    ),
    Setting(
        "port",
        8080,
        "The port to listen on. 0 lets the system choose.",
        minimum=0,
        maximum=65535,
        aliases=("PORT",),
    ),
    Setting(
        "internal_host",
        "0.0.0.0",
        "The address to listen on; 127.0.0.1 for this machine alone.",
        aliases=("INTERNAL_HOST",),
    ),
    Setting(
        "data_dir",
        None,
        "Where uploads, exports, keys and the SQLite database live. Empty: the user's data folder "
        "(~/.local/share/labelwright on Linux).",
        kind="path",
        aliases=("BASE_DATA_DIR",),
    ),
    Setting("threads", 16, "Requests served at once by one process.", minimum=1, maximum=512),
    Setting(
        "processes",
        1,
        "Server processes that share one PostgreSQL database. More than one needs secret_key and "
        "encryption_keys to be given.",
        minimum=1,
        maximum=256,
    ),
    Setting(
        "allowed_hosts",
        ["*"],
        "Host names that requests may name; * for any, .example.org for a domain and those under it.",
        aliases=("ALLOWED_HOSTS",),
    ),
    Setting(
        "trusted_proxies",
        [],
        "Networks of the proxies whose X-Forwarded-* headers are believed. Empty: none.",
        kind="subnets",
    ),
    Setting(
        "public_api_docs",
        False,
        "Let visitors who are not logged in read /docs/api.",
        aliases=("PUBLIC_API_DOCS",),
    ),
    Setting(
        "debug_modal_exceptions",
        False,
        "Put tracebacks into error answers. For development only.",
        aliases=("DEBUG_MODAL_EXCEPTIONS",),
    ),
    # --- keys
    Setting(
        "secret_key",
        "",
        "The key that signs sessions and tokens, 32 characters or more. Empty: made at the first start and "
        "kept in the data folder.",
        aliases=("SECRET_KEY",),
        secret=True,
    ),
    Setting(
        "encryption_keys",
        [],
        "Keys that encrypt stored passwords and storage keys, the newest first, as "
        "`labelwright rotate-keys --print` prints them. Empty: made at the first start and kept in the data folder.",
        secret=True,
    ),
    # --- plugins
    Setting("enabled_plugins", [], "Names of the only plugins to load. Empty: all that are installed."),
    Setting("disabled_plugins", [], "Names of installed plugins not to load."),
    Setting(
        "required_plugins",
        [],
        "Names of plugins that must be loaded; what a missing guard among them guards is locked.",
    ),
    Setting(
        "safe_mode", False, "Start without the plugins of third parties (guards are loaded all the same)."
    ),
    Setting("trace_hooks", False, "Log each call of a plugin's hook, with its time."),
    Setting(
        "hook_failures",
        5,
        "After so many failures in a row a plugin's hooks are switched off, and the plugins page says so; never a "
        "guard's.",
        minimum=1,
    ),
    Setting(
        "hook_slow", 5, "A hook that takes longer counts as a failure, in seconds.", kind="seconds", minimum=1
    ),
    # --- database
    Setting(
        "database.engine",
        "sqlite",
        "Which database.",
        choices=("sqlite", "postgresql"),
        aliases=("DJANGO_DB",),
        spellings=(("default", "postgresql"), ("postgres", "postgresql")),
    ),
    Setting(
        "database.url",
        "",
        "The whole address at once, instead of the keys below: postgresql://user:password@host:5432/name or"
        " sqlite:////path/to/file.sqlite3.",
        aliases=("DATABASE_URL",),
        secret=True,
    ),
    Setting(
        "database.path",
        None,
        "The SQLite file. Empty: labelwright.sqlite3 in the data folder.",
        kind="path",
        aliases=("DATABASE_NAME",),
    ),
    Setting(
        "database.host",
        "localhost",
        "PostgreSQL's host, or the folder of its socket.",
        aliases=("POSTGRE_HOST",),
    ),
    Setting("database.port", 5432, "PostgreSQL's port.", minimum=1, maximum=65535, aliases=("POSTGRE_PORT",)),
    Setting(
        "database.name",
        "postgres",
        "PostgreSQL's database. Created at the start when it is missing and the user may.",
        aliases=("POSTGRE_NAME",),
    ),
    Setting("database.user", "postgres", "PostgreSQL's user.", aliases=("POSTGRE_USER",)),
    Setting(
        "database.password", "postgres", "PostgreSQL's password.", aliases=("POSTGRE_PASSWORD",), secret=True
    ),
    Setting(
        "database.ssl_mode",
        "",
        "How PostgreSQL's TLS is checked. Empty: as the client library does (prefer).",
        choices=("", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
        aliases=("POSTGRE_SSL_MODE",),
    ),
    Setting(
        "database.ssl_root_cert",
        None,
        "File of the authority that signed PostgreSQL's certificate.",
        kind="path",
        aliases=("POSTGRE_SSLROOTCERT",),
    ),
    Setting(
        "database.ssl_cert",
        None,
        "File of our certificate for PostgreSQL.",
        kind="path",
        aliases=("POSTGRE_SSLCERT",),
    ),
    Setting(
        "database.ssl_key",
        None,
        "File of the key of that certificate.",
        kind="path",
        aliases=("POSTGRE_SSLKEY",),
    ),
    Setting("database.pool_size", 20, "Connections kept open by one process.", minimum=1, maximum=1000),
    Setting(
        "database.busy_timeout_s",
        30,
        "How long a write waits for another one on SQLite, in seconds.",
        kind="seconds",
        minimum=1,
    ),
    Setting(
        "database.skip_migrations",
        False,
        "Do not change tables at the start; run `labelwright migrate` instead.",
        aliases=("SKIP_DB_MIGRATIONS",),
    ),
    # --- the first user, sign-up, tokens
    Setting(
        "first_user.username", "", "E-mail of a user made at the start.", kind="email", aliases=("USERNAME",)
    ),
    Setting("first_user.password", "", "That user's password.", aliases=("PASSWORD",), secret=True),
    Setting(
        "first_user.token",
        "",
        "That user's legacy token, 6 characters or more; switches legacy tokens on.",
        minimum=6,
        aliases=("USER_TOKEN",),
        secret=True,
    ),
    Setting(
        "signup.invite_only",
        False,
        "Sign-up needs the organisation's invite link.",
        aliases=("DISABLE_SIGNUP_WITHOUT_LINK",),
    ),
    Setting(
        "signup.own_organization",
        False,
        "Someone who signs up gets an organisation of their own.",
        aliases=("ALLOW_ORGANIZATION_CREATION",),
    ),
    Setting(
        "tokens.legacy",
        False,
        "New organisations begin with legacy tokens switched on.",
        aliases=("ENABLE_LEGACY_API_TOKEN", "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN"),
    ),
    Setting(
        "tokens.access_lifetime_s",
        300,
        "How long an access token of a personal token works, in seconds.",
        kind="seconds",
        minimum=10,
        maximum=DAY,
    ),
    # --- sessions and what browsers may do
    Setting(
        "session.max_age_s",
        14 * DAY,
        "The most that an organization's session policy may allow, in seconds, where given; the policy itself "
        "begins with 8 days.",
        kind="seconds",
        minimum=60,
        aliases=("MAX_SESSION_AGE",),
    ),
    Setting(
        "session.max_idle_s",
        5 * DAY,
        "The same for the time without a request; the policy begins with 3 days.",
        kind="seconds",
        minimum=60,
        aliases=("MAX_TIME_BETWEEN_ACTIVITY",),
    ),
    Setting(
        "session.idle_limit",
        True,
        "Whether max_idle_s counts.",
        aliases=("INACTIVITY_SESSION_TIMEOUT_ENABLED",),
    ),
    Setting(
        "session.cookie_secure",
        None,
        "Send cookies over https only. Empty: when the host begins with https.",
        kind="bool",
        aliases=("SESSION_COOKIE_SECURE",),
    ),
    Setting(
        "session.cookie_samesite",
        "Lax",
        "When other sites' links carry the cookie.",
        choices=("Lax", "Strict", "None"),
        aliases=("SESSION_COOKIE_SAMESITE",),
    ),
    Setting(
        "session.logout_url",
        "",
        "Where to go after logging out. Empty: the log-in page.",
        aliases=("LOGOUT_REDIRECT_URL",),
    ),
    Setting(
        "csrf.trusted_origins",
        [],
        "Other origins whose pages may send forms here.",
        kind="origins",
        aliases=("CSRF_TRUSTED_ORIGINS",),
    ),
    Setting(
        "cors.allow_all",
        False,
        "Any site's script may call the API (without cookies).",
        aliases=("CORS_ALLOW_ALL_ORIGINS",),
    ),
    Setting(
        "cors.origins",
        [],
        "Origins whose scripts may call the API.",
        kind="origins",
        aliases=("CORS_ALLOWED_ORIGINS",),
    ),
    Setting(
        "cors.origin_patterns",
        [],
        "The same, as regular expressions for the whole origin.",
        kind="patterns",
        aliases=("CORS_ALLOWED_ORIGIN_REGEXES",),
    ),
    # --- passwords and guessing
    Setting("password.min_length", 8, "Shortest password accepted, in characters.", minimum=8, maximum=128),
    Setting("password.refuse_common", True, "Refuse the 3,000 commonest passwords."),
    Setting("rate.enabled", True, "Slow down those who guess passwords."),
    Setting(
        "rate.login_failures",
        10,
        "Failed log-ins to one account from one address before each next one has to wait.",
        minimum=1,
        maximum=1000,
    ),
    Setting(
        "rate.window_s", 900, "Failures older than this are forgotten, in seconds.", kind="seconds", minimum=1
    ),
    Setting(
        "rate.max_delay_s",
        900,
        "The longest wait, in seconds; each failure doubles it up to here.",
        kind="seconds",
        minimum=1,
    ),
    Setting("rate.signups", 20, "Sign-ups from one address within window_s.", minimum=1, maximum=100000),
    # --- bulk actions
    Setting(
        "actions.experimental",
        False,
        "List bulk actions that count as experimental. They can be run without it.",
        aliases=("EXPERIMENTAL_FEATURES",),
    ),
    Setting(
        "actions.most_inline",
        100_000,
        "Tasks that a bulk action may work on inside its request; for more, the client asks for a job "
        "(Prefer: respond-async).",
        minimum=1,
    ),
    Setting(
        "actions.undo_max_bytes",
        100 * MB,
        "Of a bulk action that has changed more than this, compressed, nothing is kept to take it back.",
        kind="bytes",
        minimum=0,
    ),
    Setting(
        "actions.undo_lifetime_s",
        7 * DAY,
        "How long a bulk action can be taken back, in seconds.",
        kind="seconds",
        minimum=0,
    ),
    # --- uploads, imports, tasks
    Setting(
        "upload.max_bytes",
        250 * MB,
        "Largest upload in one request.",
        kind="bytes",
        minimum=1,
        aliases=("DATA_UPLOAD_MAX_MEMORY_SIZE",),
    ),
    Setting(
        "upload.max_files", 100, "Files in one upload.", minimum=1, aliases=("DATA_UPLOAD_MAX_NUMBER_FILES",)
    ),
    Setting("upload.max_fields", 1000, "Form fields in one request.", minimum=1),
    Setting("upload.max_pixels", 250_000_000, "Largest image accepted, width times height.", minimum=1),
    Setting("upload.max_unpacked_files", 10_000, "Files in one packed file (such as a zip).", minimum=1),
    Setting(
        "upload.max_unpacked_bytes",
        20 * 1024 * MB,
        "What the files in one packed file may have together, unpacked.",
        kind="bytes",
        minimum=1,
    ),
    Setting(
        "upload.expires_s",
        7 * DAY,
        "How long a chunked upload that nobody goes on with is kept, in seconds.",
        kind="seconds",
        minimum=60,
    ),
    Setting(
        "upload.quota_bytes",
        0,
        "What the uploaded files of one project may have together; 0 for no limit.",
        kind="bytes",
        minimum=0,
    ),
    Setting("import.max_tasks", 1_000_000, "Tasks in one import.", minimum=1),
    Setting(
        "import.batch_size",
        5000,
        "Tasks written in one short transaction.",
        minimum=1,
        aliases=("IMPORT_BATCH_SIZE",),
    ),
    Setting(
        "import.max_bytes_at_once",
        250 * MB,
        "Files larger than this together are imported by a job only (Prefer: respond-async).",
        kind="bytes",
        minimum=1,
    ),
    Setting(
        "import.unknown_emails",
        False,
        "Keep imported annotations whose author's e-mail nobody here has.",
        aliases=("ALLOW_IMPORT_TASKS_WITH_UNKNOWN_EMAILS",),
    ),
    Setting(
        "predictions.validate",
        True,
        "Refuse predictions that do not fit the labelling configuration.",
        aliases=("fflag_feat_utc_210_prediction_validation_15082025",),
    ),
    Setting(
        "tasks.lock_ttl_s",
        DAY,
        "How long a task that the label stream handed out is kept for its labeller, in seconds.",
        kind="seconds",
        minimum=1,
        aliases=("TASK_LOCK_TTL",),
    ),
    Setting(
        "tasks.page_size", 100, "Tasks on a page of /api/tasks when the request does not say.", minimum=1
    ),
    Setting(
        "tasks.page_size_max",
        0,
        "Most tasks on a page of /api/tasks; 0 for no limit.",
        minimum=0,
        aliases=("TASK_API_PAGE_SIZE_MAX",),
    ),
    Setting(
        "tasks.history_limit",
        100,
        'Tasks that "previous" can reach in the label stream.',
        minimum=0,
        aliases=("LABEL_STREAM_HISTORY_LIMIT",),
    ),
    Setting(
        "tasks.random_sample",
        50,
        "Tasks from which the random order draws the next one.",
        minimum=1,
        aliases=("RANDOM_NEXT_TASK_SAMPLE_SIZE",),
    ),
    Setting(
        "exports.each_frame",
        False,
        "Whether exports write each frame of a film, not its key frames alone, when the request does not say.",
        aliases=("INTERPOLATE_KEY_FRAMES",),
    ),
    Setting(
        "projects.page_size",
        30,
        "Projects on a page of /api/projects when the request does not say.",
        minimum=1,
    ),
    Setting(
        "editor.keymap",
        {},
        "Keys of the labelling page that replace the usual ones, for everybody.",
        kind="json",
        aliases=("EDITOR_KEYMAP",),
    ),
    # --- what the server may reach
    Setting(
        "outbound.protect",
        True,
        "Refuse private and local addresses that no list below names. Metadata addresses of clouds are "
        "refused always.",
        aliases=("SSRF_PROTECTION_ENABLED",),
    ),
    Setting(
        "outbound.default_banned",
        True,
        "Refuse the usual private, local and reserved networks.",
        aliases=("USE_DEFAULT_BANNED_SUBNETS",),
    ),
    Setting(
        "outbound.banned",
        [],
        "Networks refused besides.",
        kind="subnets",
        aliases=("USER_ADDITIONAL_BANNED_SUBNETS",),
    ),
    Setting(
        "outbound.import", [], "Private hosts and networks from which URLs may be imported.", kind="places"
    ),
    Setting(
        "outbound.storage",
        [],
        "Private hosts and networks of storages, e.g. a MinIO in the cluster.",
        kind="places",
    ),
    Setting("outbound.ml", [], "Private hosts and networks of ML backends.", kind="places"),
    Setting("outbound.webhook", [], "Private hosts and networks that webhooks may call.", kind="places"),
    Setting(
        "outbound.ml_block_local",
        True,
        "Refuse private addresses for ML backends that outbound.ml does not name.",
        aliases=("ML_BLOCK_LOCAL_IP",),
    ),
    Setting(
        "outbound.verify_tls",
        True,
        "Check certificates of the servers we call.",
        aliases=("VERIFY_SSL_CERTS",),
    ),
    Setting(
        "outbound.timeout_s",
        30,
        "Longest time for one download, in seconds.",
        kind="seconds",
        minimum=1,
        maximum=3600,
    ),
    # --- storages
    Setting(
        "storage.max_object_bytes",
        1024 * MB,
        "Largest file of a storage that is read as a list of tasks.",
        kind="bytes",
        minimum=1,
    ),
    Setting(
        "storage.max_range_bytes",
        8 * MB,
        "Most of a storage's file that one answer holds, where a part was asked for.",
        kind="bytes",
        minimum=65536,
        aliases=("RESOLVER_PROXY_MAX_RANGE_SIZE",),
    ),
    Setting(
        "storage.sync_at_once_s",
        60,
        "Seconds that a request to synchronise a storage waits for its end; what takes longer goes on as a job.",
        kind="seconds",
        minimum=0,
        maximum=3600,
    ),
    Setting(
        "storage.sync_targets_on_creation",
        True,
        "Write all answers of the project to a new target at once.",
        aliases=("SYNC_ON_TARGET_STORAGE_CREATION",),
    ),
    Setting(
        "storage.previewed",
        100,
        "Objects of a storage that are shown before it is synchronised.",
        minimum=1,
        maximum=10_000,
        aliases=("DEFAULT_STORAGE_LIST_LIMIT",),
    ),
    # --- jobs
    Setting(
        "redis.url",
        "",
        "Address of Redis, redis://host:6379/1 or rediss:// for TLS. Empty: jobs run inside the server.",
        aliases=("REDIS_LOCATION",),
        secret=True,
    ),
    Setting(
        "redis.password",
        "",
        "Password of Redis, when the address has none.",
        aliases=("REDIS_PASSWORD",),
        secret=True,
    ),
    Setting("redis.ssl", False, "Use TLS though the address says redis://.", aliases=("REDIS_SSL",)),
    Setting(
        "redis.ssl_cert_reqs",
        "required",
        "Whether Redis must show a certificate that we trust.",
        choices=("required", "optional", "none"),
        aliases=("REDIS_SSL_CERTS_REQS",),
    ),
    Setting(
        "redis.ssl_ca_certs",
        None,
        "File of the authority that signed its certificate.",
        kind="path",
        aliases=("REDIS_SSL_CA_CERTS",),
    ),
    Setting(
        "redis.ssl_certfile",
        None,
        "File of our certificate for Redis.",
        kind="path",
        aliases=("REDIS_SSL_CERTFILE",),
    ),
    Setting(
        "redis.ssl_keyfile",
        None,
        "File of the key of that certificate.",
        kind="path",
        aliases=("REDIS_SSL_KEYFILE",),
    ),
    Setting(
        "data_manager.indexes",
        12,
        "Indexes that a project may have for what its tabs filter and sort by.",
        minimum=0,
        maximum=100,
    ),
    Setting(
        "data_manager.index_from",
        5_000,
        "Tasks from which on a project's tabs get indexes; smaller projects are read through.",
        minimum=0,
    ),
    Setting("jobs.concurrency", 2, "Jobs that one process runs at once.", minimum=1, maximum=64),
    Setting(
        "jobs.heartbeat_s",
        10,
        "A job whose worker was silent for three times this is claimed again, in seconds.",
        kind="seconds",
        minimum=1,
    ),
    # --- log
    Setting(
        "log.level",
        "WARNING",
        "Least important message that is written.",
        choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        aliases=("LOG_LEVEL",),
    ),
    Setting("log.json", False, "One JSON object a line.", aliases=("JSON_LOG",)),
)

GENERIC_NAMES = frozenset({"HOST", "PORT", "USERNAME", "PASSWORD", "LOG_LEVEL", "DATABASE_NAME"})
"""Label Studio names that shells, desktops and clusters use for their own purposes when they stand bare.

A bare value that does not fit is somebody else's: it is passed over with a warning, and stops nothing.
"""

NOTHING_IS_SENT = (
    "COLLECT_ANALYTICS SENTRY_DSN SENTRY_RATE SENTRY_ENVIRONMENT FRONTEND_SENTRY_DSN FRONTEND_SENTRY_RATE "
    "FRONTEND_SENTRY_ENVIRONMENT LATEST_VERSION_CHECK GOOGLE_LOGGING_ENABLED"
)
GIVEN_TO_CONTAINERS = (
    "CHART_VERSION CLOUD_PROVIDER DEPLOYMENT_TYPE DOCKER_IMAGE APP_WEBSERVER INIT_CONTAINER APP_HOST"
)
ALWAYS_STRICT = (
    "ENABLE_CSP USE_ENFORCE_CSRF_CHECKS SVG_SECURITY_CLEANUP "
    "CSRF_COOKIE_AGE CSRF_COOKIE_HTTPONLY CSRF_COOKIE_SAMESITE CSRF_COOKIE_SECURE"
)
WITHOUT_EFFECT = frozenset(f"{NOTHING_IS_SENT} {GIVEN_TO_CONTAINERS} {ALWAYS_STRICT}".split())
"""Label Studio names that people bring along, that mean nothing here, and that deserve no warning."""
