"""The settings: where they come from, who wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelwright.config import SETTINGS, Setting, load, reference
from labelwright.errors import ConfigurationError


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A data folder; the current folder is an empty one beside it."""
    (tmp_path / "here").mkdir()
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "data"


def settings_of(folder, environ=None, toml="", **overrides):
    if toml:
        (folder / "labelwright.toml").write_text(toml, "utf-8")
    return load(folder, environ or {}, overrides)


def test_a_default_says_so(folder):
    settings = settings_of(folder)
    assert settings.port == 8080
    assert settings.origin("port") == "default"
    assert not settings.is_given("port")


def test_the_file_wins_over_the_default(folder):
    settings = settings_of(folder, toml="port = 9000\n[upload]\nmax_files = 7\n")
    assert (settings.port, settings.upload_max_files) == (9000, 7)
    assert settings.origin("port") == str(folder / "labelwright.toml")


def test_the_environment_wins_over_the_file(folder):
    settings = settings_of(folder, {"LABELWRIGHT_PORT": "9001"}, "port = 9000")
    assert settings.port == 9001
    assert settings.origin("port") == "environment variable LABELWRIGHT_PORT"


def test_an_argument_wins_over_the_environment(folder):
    settings = settings_of(folder, {"LABELWRIGHT_PORT": "9001"}, port=9002)
    assert (settings.port, settings.origin("port")) == (9002, "argument")


def test_an_argument_that_is_none_was_not_given(folder):
    assert settings_of(folder, {"PORT": "9001"}, port=None).port == 9001


@pytest.mark.parametrize("prefix", ["LABEL_STUDIO_", "HEARTEX_", ""])
@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("HOST", "https://label.example.org/x/", "host", "https://label.example.org/x"),
        ("PORT", "9090", "port", 9090),
        ("POSTGRE_HOST", "db", "database_host", "db"),
        ("POSTGRE_SSL_MODE", "verify-full", "database_ssl_mode", "verify-full"),
        ("DJANGO_DB", "default", "database_engine", "postgresql"),
        ("DISABLE_SIGNUP_WITHOUT_LINK", "yes", "signup_invite_only", True),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", "1000", "upload_max_bytes", 1000),
        ("DATA_UPLOAD_MAX_NUMBER_FILES", "5", "upload_max_files", 5),
        ("SSRF_PROTECTION_ENABLED", "0", "outbound_protect", False),
        ("USER_ADDITIONAL_BANNED_SUBNETS", '["10.1.0.0/16"]', "outbound_banned", ("10.1.0.0/16",)),
        ("REDIS_SSL_CERTS_REQS", "none", "redis_ssl_cert_reqs", "none"),
        ("TASK_LOCK_TTL", "60", "tasks_lock_ttl_s", 60),
        ("EDITOR_KEYMAP", '{"a": {"key": "b"}}', "editor_keymap", {"a": {"key": "b"}}),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("SKIP_DB_MIGRATIONS", "1", "database_skip_migrations", True),
    ],
)
def test_label_studio_names_work_with_every_prefix(folder, prefix, name, value, attribute, expected):
    assert getattr(settings_of(folder, {prefix + name: value}), attribute) == expected


def test_the_doubled_name_of_the_legacy_token_switch_works(folder):
    variable = "LABEL_STUDIO_LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN"
    assert settings_of(folder, {variable: "true"}).tokens_legacy is True


def test_our_own_name_wins_over_label_studio_s(folder):
    assert settings_of(folder, {"LABEL_STUDIO_PORT": "1", "LABELWRIGHT_PORT": "2"}).port == 2
    assert settings_of(folder, {"PORT": "1", "LABEL_STUDIO_PORT": "2"}).port == 2


@pytest.mark.parametrize("word", ["1", "true", "YES", "On", "TRUE"])
def test_these_words_are_true(folder, word):
    assert settings_of(folder, {"LABEL_STUDIO_JSON_LOG": word}).log_json is True


@pytest.mark.parametrize("word", ["0", "false", "NO", "not", "Off"])
def test_these_words_are_false(folder, word):
    assert settings_of(folder, {"LABEL_STUDIO_SSRF_PROTECTION_ENABLED": word}).outbound_protect is False


def test_an_empty_variable_is_not_given(folder):
    assert settings_of(folder, {"LABEL_STUDIO_PORT": "", "POSTGRE_SSL_MODE": ""}).port == 8080


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("LABEL_STUDIO_PORT", "eighty", ["port", "LABEL_STUDIO_PORT", "from 0 to 65535", "'eighty'"]),
        ("LABEL_STUDIO_PORT", "70000", ["from 0 to 65535"]),
        ("LABEL_STUDIO_HOST", "label.example.org", ["host", "with its scheme"]),
        ("LABEL_STUDIO_HOST", "https://user@label.example.org", ["with its scheme"]),
        ("LABEL_STUDIO_HOST", "https://x.org/a/../b", ["with its scheme"]),
        ("LABELWRIGHT_LOG_JSON", "maybe", ["log.json", "true or false"]),
        ("DJANGO_DB", "mysql", ["database.engine", "sqlite, postgresql"]),
        ("LABELWRIGHT_TRUSTED_PROXIES", "10.0.0.0/99", ["trusted_proxies", "networks"]),
        ("LABELWRIGHT_OUTBOUND_ML", "http://ml:9090", ["outbound.ml", "hosts"]),
        ("LABELWRIGHT_UPLOAD_MAX_BYTES", "many", ["upload.max_bytes", "250MB"]),
        ("LABELWRIGHT_UPLOAD_MAX_BYTES", "-1", ["upload.max_bytes"]),
        ("DATABASE_URL", "mysql://a:b@c/d", ["database.url", "postgresql://"]),
        ("REDIS_LOCATION", "http://redis", ["redis.url", "rediss://"]),
        ("LABELWRIGHT_CORS_ORIGIN_PATTERNS", "([", ["cors.origin_patterns"]),
        ("LABELWRIGHT_EDITOR_KEYMAP", "[1]", ["editor.keymap", "JSON object"]),
        ("LABELWRIGHT_JOBS_CONCURRENCY", "1e3", ["jobs.concurrency"]),
        ("LABELWRIGHT_RATE_WINDOW_S", "nan", ["rate.window_s"]),
    ],
)
def test_a_bad_value_is_refused_with_name_source_and_what_is_allowed(folder, variable, value, words):
    with pytest.raises(ConfigurationError) as caught:
        settings_of(folder, {variable: value})
    assert all(word in str(caught.value) for word in [*words, variable])


def test_a_bad_value_is_refused_though_a_stronger_one_is_good(folder):
    with pytest.raises(ConfigurationError, match="LABEL_STUDIO_PORT"):
        settings_of(folder, {"LABEL_STUDIO_PORT": "eighty"}, port=9000)
    with pytest.raises(ConfigurationError, match=r"labelwright\.toml"):
        settings_of(folder, {"LABELWRIGHT_PORT": "9001"}, "port = -1")


def test_a_bad_value_in_the_file_names_the_file(folder):
    with pytest.raises(ConfigurationError, match=r"port must be .*labelwright\.toml"):
        settings_of(folder, toml="port = true")


def test_a_bad_secret_is_not_shown(folder):
    with pytest.raises(ConfigurationError) as caught:
        settings_of(folder, {"USER_TOKEN": "abc", "LABEL_STUDIO_USER_TOKEN": "xyz"})
    assert "xyz" not in str(caught.value)
    assert "at least 6 characters" in str(caught.value)


def test_an_unknown_key_in_the_file_is_refused_with_a_suggestion(folder):
    with pytest.raises(ConfigurationError, match=r"upload\.max_file'.*did you mean upload\.max_files\?"):
        settings_of(folder, toml="[upload]\nmax_file = 3")


def test_an_unknown_argument_is_refused(folder):
    with pytest.raises(ConfigurationError, match="there is no setting 'prot'.*did you mean port"):
        settings_of(folder, prot=1)


def test_a_broken_file_is_refused_with_its_line(folder):
    with pytest.raises(ConfigurationError, match="not a TOML file.*line 1"):
        settings_of(folder, toml="port = = 1\n")


def test_an_unknown_label_studio_variable_is_a_warning(folder):
    settings = settings_of(folder, {"LABEL_STUDIO_PROT": "1", "LABEL_STUDIO_COLLECT_ANALYTICS": "0"})
    assert settings.warnings == (
        "LABEL_STUDIO_PROT is no setting, and has no effect; did you mean LABEL_STUDIO_PORT?",
    )


def test_a_bare_variable_of_another_program_is_passed_over(folder):
    settings = settings_of(folder, {"HOST": "my-laptop", "USERNAME": "maria"})
    assert settings.host == ""
    assert settings.first_user_username == ""
    assert len(settings.warnings) == 2


def test_variables_of_a_kubernetes_service_called_label_studio_are_not_ours(folder):
    given = {
        "LABEL_STUDIO_PORT": "tcp://10.0.0.7:80",
        "LABEL_STUDIO_SERVICE_HOST": "10.0.0.7",
        "LABEL_STUDIO_SERVICE_PORT_HTTP": "80",
        "LABEL_STUDIO_PORT_80_TCP_ADDR": "10.0.0.7",
    }
    settings = settings_of(folder, given)
    assert settings.port == 8080
    assert settings.warnings == ()


def test_the_file_can_be_named_by_a_variable(folder, tmp_path):
    (tmp_path / "other.toml").write_text("port = 7000\n")
    settings = settings_of(folder, {"LABELWRIGHT_CONFIG": str(tmp_path / "other.toml")}, "port = 9000")
    assert settings.port == 7000
    assert settings.config_file == tmp_path / "other.toml"


def test_a_named_file_that_is_missing_is_refused(folder):
    with pytest.raises(ConfigurationError, match=r"LABELWRIGHT_CONFIG names .*nothing\.toml"):
        settings_of(folder, {"LABELWRIGHT_CONFIG": "nothing.toml"})


def test_the_file_in_the_current_folder_is_read_last(folder):
    Path("config").mkdir()
    Path("config/labelwright.toml").write_text("port = 6000\n")
    assert settings_of(folder).port == 6000
    assert settings_of(folder, toml="port = 9000").port == 9000


def test_a_named_file_can_move_the_data_folder(folder, tmp_path):
    (tmp_path / "other.toml").write_text(f'data_dir = "{tmp_path / "elsewhere"}"\n')
    settings = load(environ={"LABELWRIGHT_CONFIG": str(tmp_path / "other.toml")})
    assert settings.data_dir == tmp_path / "elsewhere"


def test_the_file_in_the_data_folder_cannot_move_it(folder):
    (folder / "labelwright.toml").write_text('data_dir = "/somewhere/else"\n')
    with pytest.raises(ConfigurationError, match="data_dir cannot be set"):
        load(environ={"BASE_DATA_DIR": str(folder)})


def test_dot_env_in_the_data_folder_is_read_after_the_environment(folder):
    (folder / ".env").write_text("# made by hand\nexport PORT='5000'\nLABEL_STUDIO_LOG_LEVEL=ERROR\n")
    settings = settings_of(folder, {"LABEL_STUDIO_LOG_LEVEL": "INFO"})
    assert (settings.port, settings.log_level) == (5000, "INFO")
    assert settings.origin("port") == f"PORT in {folder / '.env'}"


def test_a_broken_line_in_dot_env_is_refused(folder):
    (folder / ".env").write_text("PORT\n")
    with pytest.raises(ConfigurationError, match=r"\.env, line 1: a line must be NAME=value"):
        settings_of(folder)


def test_settings_do_not_change(folder):
    settings = settings_of(folder)
    with pytest.raises(AttributeError):
        settings.port = 1
    assert settings.replace(port=1).port == 1
    assert settings.port == 8080


def test_sizes_and_times_have_units(folder):
    settings = settings_of(folder, toml='[upload]\nmax_bytes = "1.5 GB"\n[session]\nmax_age_s = "2h"\n')
    assert settings.upload_max_bytes == 1536 * 1024**2
    assert settings.session_max_age_s == 7200


PLUGIN_SETTINGS = [Setting("plugin.webhooks.timeout_s", 1.0, "Longest wait.", aliases=("WEBHOOK_TIMEOUT",))]


def test_a_plugin_s_settings_are_read_when_it_declares_them(folder):
    early = settings_of(folder, {"LABEL_STUDIO_WEBHOOK_TIMEOUT": "2"}, "[plugin.webhooks]\ntimeout_s = 3\n")
    assert len(early.warnings) == 1
    settings = early.extended(PLUGIN_SETTINGS)
    assert settings.of_plugin("webhooks") == {"timeout_s": 2.0}
    assert settings.warnings == ()


def test_an_unknown_key_of_a_known_plugin_is_refused(folder):
    early = settings_of(folder, toml="[plugin.webhooks]\ntimeuot_s = 3\n")
    with pytest.raises(ConfigurationError, match=r"did you mean plugin\.webhooks\.timeout_s"):
        early.extended(PLUGIN_SETTINGS)


def test_the_table_of_a_plugin_that_is_not_loaded_waits(folder):
    settings_of(folder, toml="[plugin.absent]\nx = 3\n").extended(PLUGIN_SETTINGS)


def test_secrets_are_masked(folder):
    settings = settings_of(folder, {"SECRET_KEY": "s" * 40, "DATABASE_URL": "postgresql://u:hush@h/n"})
    assert settings.shown("secret_key") == settings.shown("database.url") == "(hidden)"
    assert "hush" not in repr(settings) + settings.shown_database


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "sqlite:///{folder}/labelwright.sqlite3"),
        ({"DATABASE_NAME": "/srv/x.sqlite3"}, "sqlite:////srv/x.sqlite3"),
        ({"DATABASE_URL": "sqlite:////srv/y.sqlite3"}, "sqlite:////srv/y.sqlite3"),
        (
            {
                "DJANGO_DB": "default",
                "POSTGRE_PASSWORD": "p@ss/w",
                "POSTGRE_NAME": "lw",
                "POSTGRE_HOST": "::1",
            },
            "postgresql+psycopg2://postgres:p%40ss%2Fw@[::1]:5432/lw",
        ),
        (
            {"DJANGO_DB": "postgresql", "POSTGRE_SSL_MODE": "require", "POSTGRE_HOST": "/run/pg"},
            "postgresql+psycopg2://postgres:postgres@:5432/postgres?host=%2Frun%2Fpg&sslmode=require",
        ),
        (
            {"DATABASE_URL": "postgres://u:p@h/n?application_name=x", "POSTGRE_SSL_MODE": "require"},
            "postgresql+psycopg2://u:p@h/n?application_name=x&sslmode=require",
        ),
    ],
)
def test_the_database_s_address_follows_from_the_settings(folder, given, url):
    assert settings_of(folder, given).sqlalchemy_url == url.format(folder=folder)


@pytest.mark.parametrize(
    ("given", "address", "tls"),
    [
        ({}, "", {}),
        ({"REDIS_LOCATION": "redis:6379/1", "REDIS_PASSWORD": "a/b"}, "redis://:a%2Fb@redis:6379/1", {}),
        ({"REDIS_LOCATION": "redis://:x@redis/1", "REDIS_PASSWORD": "y"}, "redis://:x@redis/1", {}),
        ({"REDIS_LOCATION": "rediss://redis/1"}, "rediss://redis/1", {"ssl_cert_reqs": "required"}),
        (
            {"REDIS_LOCATION": "redis://redis", "REDIS_SSL": "1", "REDIS_SSL_CA_CERTS": "/c/ca.pem"},
            "rediss://redis",
            {"ssl_cert_reqs": "required", "ssl_ca_certs": "/c/ca.pem"},
        ),
    ],
)
def test_the_queue_s_address_follows_from_the_settings(folder, given, address, tls):
    settings = settings_of(folder, given)
    assert (settings.redis_address, settings.redis_tls) == (address, tls)


def test_the_sub_path_comes_from_the_host(folder):
    settings = settings_of(folder, {"LABEL_STUDIO_HOST": "https://example.org/label/"})
    assert (settings.base_url, settings.base_path) == ("https://example.org/label", "/label")
    assert settings.sends_secure_cookies


def test_cookies_are_not_secure_over_http_unless_asked(folder):
    assert not settings_of(folder).sends_secure_cookies
    assert settings_of(folder, {"SESSION_COOKIE_SECURE": "1"}).sends_secure_cookies


def test_every_setting_has_words_and_a_name_of_its_own():
    assert len({setting.attribute for setting in SETTINGS}) == len(SETTINGS)
    variables = [variable for setting in SETTINGS for variable in setting.variables]
    assert len(set(variables)) == len(variables)
    assert all(setting.help.endswith((".", ")")) for setting in SETTINGS)
    assert {setting.section for setting in SETTINGS} <= set(reference.TITLES)


def test_the_annotated_defaults_are_the_defaults(folder):
    text = reference.toml_file()
    switched_on = "\n".join(
        line[1:] if line[:1] == "#" and line[1:2].isalpha() else line for line in text.splitlines()
    )
    settings = settings_of(folder, toml=switched_on)
    assert dict(settings) == dict(settings_of(folder))
    assert settings.is_given("upload.max_files")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config/labelwright.toml", reference.toml_file()),
        ("docs/administrators/settings.md", reference.page()),
    ],
)
def test_the_generated_files_are_current(path, text):
    root = Path(__file__).parents[2]
    assert (root / path).read_text("utf-8") == text, "run: python -m labelwright.config.reference"
