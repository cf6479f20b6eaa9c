"""The application: its parts put together, and served.

:func:`create_app` is what a WSGI server and the tests call; :func:`serve` is what ``labelwright start`` runs.
"""

from __future__ import annotations

import functools
import importlib
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, Rule

from labelwright import config, db, plugins, schema
from labelwright.config import Settings
from labelwright.errors import ConfigurationError
from labelwright.plugin import in_words, why
from labelwright.plugins import LoadedPlugins
from labelwright.registry import Registry
from labelwright.routes import Routes
from labelwright.services.context import Context

log = logging.getLogger(__name__)

ROOMS = (
    "pages", "meta", "auth_pages", "tokens", "users", "organizations", "projects", "label_configs",
    "tasks", "annotations", "labels", "states", "drafts", "predictions", "labelling", "imports", "uploads",
    "chunked_uploads", "exports", "jobs", "changes", "plugins", "data_manager", "actions", "storages", "ml",
    "stored_files", "openapi",
)  # fmt: skip
"""The modules of ``web`` that hold routes, each with ``ROUTES``."""


def create_app(settings: Settings | None = None, **arguments: Any) -> Flask:
    """Build the application: plugins, database, keys, queue, routes.

    :param settings: as :func:`labelwright.config.load` gives them; read from file and environment if not given.
    :param arguments: settings by attribute name, over all other sources.
    :raises ConfigurationError: a setting is wrong.
    :raises ForeignDatabase: the database belongs to another program.
    :raises Unavailable: the database does not answer.
    """
    ctx = build_context(settings or config.load(overrides=arguments))
    app = Flask(
        "labelwright",
        static_folder=None,
        template_folder="web/templates",
        root_path=str(Path(__file__).resolve().parent),
    )
    app.extensions["labelwright"] = ctx
    _configure(app, ctx)
    _add_routes(app)
    _wrap(app, ctx.settings)
    return app


def build_context(settings: Settings) -> Context:
    """The parts without the web: what workers and commands need."""
    from labelwright.doors.keys import open_keys
    from labelwright.doors.outbound import Outbound
    from labelwright.services.queue import JobQueue

    loaded = plugins.load(settings)
    plugins.refuse_taken(loaded, "register_routes", _core_routes())
    settings = settings.extended(Registry(loaded).settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keys = open_keys(settings)
    database = db.open_database(
        settings.sqlalchemy_url,
        pool_size=settings.database_pool_size,
        busy_timeout_s=settings.database_busy_timeout_s,
    )
    migrate(database, loaded, only_look=settings.database_skip_migrations)
    registry = Registry(loaded)
    return Context(
        settings, database, registry, keys, Outbound(settings), JobQueue(database, registry, settings)
    )


def migrate(database: db.Database, loaded: LoadedPlugins, *, only_look: bool = False) -> list[str]:
    """Bring the tables to this version: the core's, then each plugin's. A plugin that fails is taken out.

    :param only_look: change nothing; take out the plugins whose tables are behind.
    :returns: the revisions applied.
    """
    applied = [] if only_look else schema.migrate(database)
    for name, tables in Registry(loaded).models:
        if loaded[name].state != "loaded":  # it needed one that has just been taken out
            continue
        owner = schema.plugin_migrations(name, tables)
        try:
            if not only_look:
                applied += schema.migrate(database, [owner])
            elif schema.pending(database, [owner]):
                plugins.take_out(loaded, loaded[name], "failed", why("tables-behind"))
        except (Exception, SystemExit) as error:
            reason = why("migration-failed", error=in_words(error))
            plugins.take_out(loaded, loaded[name], "failed", reason, error)
    return applied


@contextmanager
def running(app: Flask) -> Iterator[None]:
    """What goes on besides the requests, while the block lasts: jobs in this process, as far as the settings say so.

    Before the block begins, the first user is made, and what a killed process left half done is finished.
    """
    from labelwright.jobs import embedded
    from labelwright.services import bootstrap, removal

    ctx: Context = app.extensions["labelwright"]
    bootstrap.ensure_installation(ctx)
    bootstrap.ensure_first_user(ctx)
    removal.sweep(ctx)
    try:
        with embedded.worker(ctx):
            yield
    finally:
        ctx.database.close()


def serve(app: Flask, *, on_listening: Callable[[str], None] = lambda url: None) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests and jobs end.

    :param on_listening: told the address when requests are answered.
    :raises ConfigurationError: if the port is in use or may not be listened on.
    :raises Unavailable: if another server uses the same SQLite data folder.
    """
    from labelwright import serving

    ctx: Context = app.extensions["labelwright"]
    if ctx.settings.processes > 1:
        _serve_by_processes(ctx, on_listening)
        return
    with ExitStack() as stack:
        if ctx.settings.is_sqlite:
            stack.enter_context(db.ServerLock(ctx.settings.data_dir))
        server = serving.bind(app, ctx.settings)
        stack.enter_context(running(app))
        serving.run(server, lambda: on_listening(serving.address(server, ctx.settings)))


def _serve_by_processes(ctx: Context, on_listening: Callable[[str], None]) -> None:
    from labelwright import serving

    settings = ctx.settings
    if settings.is_sqlite:
        raise ConfigurationError("processes must be 1 with SQLite: only PostgreSQL can be shared by several")
    serving.listen(
        settings.internal_host, settings.port
    ).close()  # refuses a port in use, once and in plain words
    ctx.database.close()
    serving.run_processes(
        settings, lambda: create_app(settings), running, lambda: on_listening(serving.address(None, settings))
    )


def _configure(app: Flask, ctx: Context) -> None:
    settings = ctx.settings
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config.update(
        MAX_FORM_MEMORY_SIZE=16 * 1024 * 1024,
        MAX_FORM_PARTS=settings.upload_max_fields + settings.upload_max_files,
        TRUSTED_HOSTS=None if "*" in settings.allowed_hosts else list(settings.allowed_hosts),
        TEMPLATES_AUTO_RELOAD=False,
    )


def _core_routes() -> list[Routes]:
    rooms = [importlib.import_module(f"labelwright.web.{room}") for room in ROOMS]
    return [routes for room in rooms for routes in room.ROUTES]


def _add_routes(app: Flask) -> None:
    from labelwright.web import failures, headers, identity, plugin_routes, routing, storages

    app.extensions["labelwright_routes"] = []
    app.url_rule_class = _Rule
    app.url_map.converters["int"] = _Id
    app.url_map.strict_slashes = False
    app.url_map.redirect_defaults = False
    app.url_map.merge_slashes = False
    identity.install(app)
    for routes in _core_routes():
        routing.add(app, routes)
    storages.add(app)
    plugin_routes.add(app)
    failures.register(app)
    headers.register(app)


class _Rule(Rule):
    """A rule whose two functions that write its address are made when somebody first wants one.

    Nobody does but plugins, and making them for every rule took more than half of an application's building. A
    Werkzeug that calls them otherwise makes them at once, as it always did.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_it = functools.cache(super()._compile_builder)

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            return compile_it(append_unknown)(rule, **values)

        return build


class _Id(IntegerConverter):
    """An id in a path; what no key can be is a path that is not there."""

    def __init__(self, url_map: Map, **arguments: Any) -> None:
        super().__init__(url_map, max=2**63 - 1, **arguments)


def _wrap(app: Flask, settings: Settings) -> None:
    from labelwright.doors import cors
    from labelwright.web.wsgi import OneSpelling, SubPath, TrustedProxy, WholeBody

    wsgi: Any = OneSpelling(WholeBody(app.wsgi_app))
    if cors.is_configured(settings):
        wsgi = cors.Cors(wsgi, settings)
    if settings.base_path:
        wsgi = SubPath(wsgi, settings.base_path)
    app.wsgi_app = TrustedProxy(wsgi, list(map(ip_network, settings.trusted_proxies)))  # type: ignore[method-assign]
