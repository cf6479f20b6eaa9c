"""Reading the settings: default, file, environment, argument; each value knows where it came from."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from labelwright.config.addresses import Addresses
from labelwright.config.setting import Setting
from labelwright.config.table import GENERIC_NAMES, SETTINGS, WITHOUT_EFFECT
from labelwright.errors import ConfigurationError

FILE_NAME = "labelwright.toml"
OURS_ELSEWHERE = frozenset({"LABELWRIGHT_CONFIG"})
CLUSTER_LINK = re.compile(r".*(_SERVICE_(HOST|PORT(_.*)?)|_PORT_\d+_(TCP|UDP)(_.*)?)")
"""Variables that Kubernetes makes for a service called ``label-studio`` or ``labelwright``."""


@dataclass(frozen=True)
class Sources:
    """What was found at the start; kept, so that plugins' settings can be read from the same."""

    arguments: Mapping[str, Any]
    environment: Mapping[str, str]
    env_file: Mapping[str, str] = field(default_factory=dict)
    env_path: Path | None = None
    file: Mapping[str, Any] = field(default_factory=dict)
    file_path: Path | None = None


class Settings(Addresses, Mapping[str, Any]):
    """The values, by attribute (``settings.upload_max_files``) or by name (``settings["upload.max_files"]``).

    Nothing in it can change. Functions get values from it, not the whole.
    """

    def __init__(
        self,
        table: Sequence[Setting],
        sources: Sources,
        values: Mapping[str, Any],
        origins: Mapping[str, str],
        warnings: Sequence[str],
    ) -> None:
        hold = self.__dict__
        hold["table"] = tuple(table)
        hold["warnings"] = tuple(warnings)
        hold["_sources"] = sources
        hold["_values"] = dict(values)
        hold["_origins"] = dict(origins)
        hold["_names"] = {setting.attribute: setting.name for setting in table}

    table: tuple[Setting, ...]
    warnings: tuple[str, ...]
    """Sentences for the administrator: variables that were brought along and mean nothing here."""

    def __getattr__(self, attribute: str) -> Any:
        try:
            return self.__dict__["_values"][self.__dict__["_names"][attribute]]
        except KeyError:
            raise AttributeError(f"there is no setting {attribute!r}") from None

    def __setattr__(self, attribute: str, value: Any) -> None:
        raise AttributeError("settings do not change; use replace()")

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<Settings of {self.data_dir}>"

    def origin(self, name: str) -> str:
        """Where a value came from, in words: ``default``, a file, a variable, ``argument``."""
        return self._origins[name]

    def is_given(self, name: str) -> bool:
        """Whether somebody decided it, rather than the default."""
        return self._origins[name] != "default"

    @property
    def config_file(self) -> Path | None:
        """The file that was read, if there was one."""
        return self._sources.file_path

    def shown(self, name: str) -> str:
        """A value as it may be printed: a secret is masked."""
        value = self._values[name]
        setting = next(setting for setting in self.table if setting.name == name)
        if setting.secret and value:
            return "(hidden)"
        if value is None or value == "" or value == () or value == {}:
            return "-"
        if isinstance(value, bool):
            return "true" if value else "false"
        return ", ".join(value) if isinstance(value, tuple) else str(value)

    def replace(self, **overrides: Any) -> Settings:
        """The same settings with more arguments; names as attributes."""
        arguments = {**self._sources.arguments, **overrides}
        return _resolve(self.table, replace(self._sources, arguments=arguments), None)

    def extended(self, extra: Iterable[Setting]) -> Settings:
        """These settings and those that plugins declare, read from the same sources.

        :param extra: named ``plugin.<plugin>.<key>``.
        :raises ConfigurationError: if a plugin's setting is wrong, or a loaded plugin has no such setting.
        """
        declared = tuple(extra)
        return _resolve((*SETTINGS, *declared), self._sources, {setting.section for setting in declared})

    def of_plugin(self, plugin: str) -> dict[str, Any]:
        """A plugin's own settings, by key."""
        prefix = f"plugin.{plugin}."
        return {name[len(prefix) :]: value for name, value in self._values.items() if name.startswith(prefix)}


def load(
    data_dir: str | Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
    *,
    extra: Iterable[Setting] | None = None,
) -> Settings:
    """Read the settings once, when the program begins.

    :param data_dir: the data folder, when the caller knows it; it is not made here.
    :param environ: the environment, ``os.environ`` if not given.
    :param overrides: arguments of the command line or of ``create_app``; ``None`` is "not given".
    :param extra: the plugins' settings; without them ``[plugin.*]`` waits for :meth:`Settings.extended`.
    :raises ConfigurationError: naming the setting, where its value came from, and what is allowed.
    """
    environment = dict(os.environ if environ is None else environ)
    arguments = {name: value for name, value in (overrides or {}).items() if value is not None}
    if data_dir is not None:
        arguments["data_dir"] = data_dir
    early = _resolve(SETTINGS, Sources(arguments, environment), None)
    file_path = _find_file(environment, early.data_dir)
    file = _read_file(file_path) if file_path else {}
    folder = _resolve(SETTINGS, Sources(arguments, environment, {}, None, file, file_path), None).data_dir
    moves = Path(str(file.get("data_dir") or early.data_dir)).expanduser() != early.data_dir
    if file_path and file_path.parent == early.data_dir and moves:
        raise ConfigurationError(
            f"data_dir cannot be set in {file_path}: the file was found because the data folder is this one"
        )
    env_path = folder / ".env"
    sources = Sources(arguments, environment, _read_env_file(env_path), env_path, file, file_path)
    settings = _resolve(SETTINGS, sources, None)
    # An address that cannot be one is refused now, and not at its first use.
    _ = settings.sqlalchemy_url, settings.redis_address
    return settings if extra is None else settings.extended(extra)


def default_data_dir() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("labelwright", appauthor=False))


def _find_file(environment: Mapping[str, str], data_dir: Path) -> Path | None:
    named = environment.get("LABELWRIGHT_CONFIG", "")
    if named:
        path = Path(named).expanduser().absolute()
        if not path.is_file():
            raise ConfigurationError(f"LABELWRIGHT_CONFIG names {path}, and there is no such file")
        return path
    places = (data_dir / FILE_NAME, Path("config", FILE_NAME).absolute())
    return next((path for path in places if path.is_file()), None)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return dict(_flat(tomllib.loads(path.read_text("utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not a TOML file: {error}") from error
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted names of the keys; a table that is itself a setting's value stays whole."""
    objects = {setting.name for setting in SETTINGS if setting.kind == "json"}
    for key, value in table.items():
        name = prefix + key
        if (
            isinstance(value, dict)
            and name not in objects
            and (not name.startswith("plugin.") or name.count(".") < 2)
        ):
            yield from _flat(value, name + ".")
        else:
            yield name, value


def _read_env_file(path: Path) -> dict[str, str]:
    """``NAME=value`` lines, with or without ``export`` and quotes; a hash begins a comment."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    values = {}
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("export ").strip()
        if not text or text.startswith("#"):
            continue
        name, sign, value = text.partition("=")
        if not sign or not re.fullmatch(r"[A-Za-z_]\w*", name.strip()):
            raise ConfigurationError(f"{path}, line {number}: a line must be NAME=value")
        value = value.strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        values[name.strip()] = value[1:-1] if quoted else value
    return values


def _resolve(table: Sequence[Setting], sources: Sources, plugin_sections: set[str] | None) -> Settings:
    _refuse_unknown(table, sources, plugin_sections)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    warnings: list[str] = []
    for setting in table:
        values[setting.name], origins[setting.name] = _value(setting, sources, warnings)
    if values["data_dir"] is None:
        values["data_dir"] = default_data_dir()
    warnings += _unknown_variables(table, sources)
    warnings += _unused_postgres(values, origins)
    return Settings(table, sources, values, origins, warnings)


def _unused_postgres(values: Mapping[str, Any], origins: Mapping[str, str]) -> list[str]:
    """PostgreSQL was described, and SQLite is used: surely not what was meant."""
    named = [
        name for name in ("database.host", "database.user", "database.name") if origins[name] != "default"
    ]
    if not named or values["database.url"] or values["database.engine"] != "sqlite":
        return []
    return [
        f"{', '.join(named)} have no effect, because the database is SQLite: set DJANGO_DB=default "
        '(or database.engine = "postgresql") to use PostgreSQL'
    ]


def _value(setting: Setting, sources: Sources, warnings: list[str]) -> tuple[Any, str]:
    """The strongest value and its origin. The weaker ones are read too: a bad one would surprise somebody later."""
    good: list[tuple[Any, str]] = []
    for given, origin, may_be_foreign in _given(setting, sources):
        try:
            good.append((setting.read(given), origin))
        except (ValueError, OverflowError):
            shown = "its value (hidden)" if setting.secret else repr(given)
            words = f"{setting.name} must be {setting.allowed}, not {shown}"
            if not may_be_foreign:
                raise ConfigurationError(f"{words} ({origin})") from None
            warnings.append(f"{origin} is passed over: {words}")
    return good[0] if good else (setting.default, "default")


def _given(setting: Setting, sources: Sources) -> Iterator[tuple[Any, str, bool]]:
    """Everything that was given for a setting, the strongest first."""
    for name in (setting.name, setting.attribute):
        if name in sources.arguments:
            yield sources.arguments[name], "argument", False
    for variables, words in (
        (sources.environment, "environment variable {}"),
        (sources.env_file, f"{{}} in {sources.env_path}"),
    ):
        for variable in setting.variables:
            value = variables.get(variable, "")
            # Kubernetes gives <SERVICE>_PORT=tcp://address:port to every pod.
            if value and not (variable.endswith("PORT") and value.startswith("tcp://")):
                yield value, words.format(variable), variable in GENERIC_NAMES
    if setting.name in sources.file:
        yield sources.file[setting.name], str(sources.file_path), False


def _refuse_unknown(table: Sequence[Setting], sources: Sources, plugin_sections: set[str] | None) -> None:
    names = [setting.name for setting in table]
    attributes = {setting.attribute for setting in table}
    for name in sources.arguments:
        if name not in names and name not in attributes:
            raise ConfigurationError(
                f"there is no setting {name!r} (argument){_suggestion(name, [*names, *attributes])}"
            )
    for name in sources.file:
        of_plugin = name.startswith("plugin.")
        waits = of_plugin and (plugin_sections is None or name.rpartition(".")[0] not in plugin_sections)
        if name not in names and not waits:
            raise ConfigurationError(
                f"there is no setting {name!r} ({sources.file_path}){_suggestion(name, names)}"
            )


def _unknown_variables(table: Sequence[Setting], sources: Sources) -> Iterator[str]:
    known = {variable for setting in table for variable in setting.variables} | OURS_ELSEWHERE
    known |= {f"{prefix}{name}" for name in WITHOUT_EFFECT for prefix in ("LABEL_STUDIO_", "HEARTEX_")}
    for variable in sorted({*sources.environment, *sources.env_file}):
        if not variable.startswith(("LABEL_STUDIO_", "HEARTEX_", "LABELWRIGHT_")) or variable in known:
            continue
        if variable.startswith("LABELWRIGHT_PLUGIN_") or CLUSTER_LINK.fullmatch(variable):
            continue
        yield f"{variable} is no setting, and has no effect{_suggestion(variable, sorted(known))}"


def _suggestion(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
