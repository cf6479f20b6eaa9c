"""Addresses that follow from the settings: of the server, its database and its queue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from labelwright.errors import ConfigurationError


class Addresses:
    """What :class:`~labelwright.config.Settings` answers besides its values."""

    if TYPE_CHECKING:

        def __getattr__(self, attribute: str) -> Any: ...

    @property
    def base_url(self) -> str:
        """Scheme, host and sub-path of the server, without a slash at the end."""
        return self.host or f"http://localhost:{self.port}"

    @property
    def base_path(self) -> str:
        """The sub-path: ``""`` or ``"/label"``."""
        return urlsplit(self.host).path

    @property
    def is_https(self) -> bool:
        return self.host.startswith("https:")

    @property
    def sends_secure_cookies(self) -> bool:
        return self.is_https if self.session_cookie_secure is None else self.session_cookie_secure

    @property
    def is_sqlite(self) -> bool:
        return self.sqlalchemy_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path:
        """The SQLite file; only to be asked when :attr:`is_sqlite`."""
        return Path(self.sqlalchemy_url.removeprefix("sqlite:///"))

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address as SQLAlchemy reads it; holds the password."""
        if self.database_url:
            return _database_url(self.database_url, self.origin("database.url"), self._tls_of_database())
        if self.database_engine == "sqlite":
            return f"sqlite:///{self.database_path or self.data_dir / 'labelwright.sqlite3'}"
        user = f"{quote(self.database_user, safe='')}:{quote(self.database_password, safe='')}"
        query = self._tls_of_database()
        host = self.database_host
        if host.startswith("/"):
            query, host = {"host": host, **query}, ""
        elif ":" in host:
            host = f"[{host}]"
        return urlunsplit(("postgresql+psycopg2", f"{user}@{host}:{self.database_port}",
                           f"/{quote(self.database_name, safe='')}", urlencode(query), ""))  # fmt: skip

    def _tls_of_database(self) -> dict[str, str]:
        given = {
            "sslmode": self.database_ssl_mode,
            "sslrootcert": self.database_ssl_root_cert,
            "sslcert": self.database_ssl_cert,
            "sslkey": self.database_ssl_key,
        }
        return {name: str(value) for name, value in given.items() if value}

    @property
    def shown_database(self) -> str:
        """The database's address without its password, for people."""
        if self.is_sqlite:
            return f"SQLite {self.sqlite_path}"
        parts = urlsplit(self.sqlalchemy_url)
        return f"PostgreSQL {parts.hostname or 'local socket'}:{parts.port or 5432}{parts.path}"

    @property
    def redis_address(self) -> str:
        """Redis with scheme and password as they must be used; ``""`` when jobs run inside the server."""
        if not self.redis_url:
            return ""
        parts = urlsplit(self.redis_url if "://" in self.redis_url else f"redis://{self.redis_url}")
        if parts.scheme not in ("redis", "rediss") or not parts.hostname:
            raise ConfigurationError(
                "redis.url must be an address such as redis://host:6379/1 or rediss://host:6379/1, "
                f"not its value (hidden) ({self.origin('redis.url')})"
            )
        scheme = "rediss" if self.redis_ssl else parts.scheme
        user, at, place = parts.netloc.rpartition("@")
        if not at and self.redis_password:
            user = f":{quote(self.redis_password, safe='')}"
        return urlunsplit((scheme, f"{user}@{place}" if user else place, parts.path, parts.query, ""))

    @property
    def redis_tls(self) -> dict[str, Any]:
        """``ssl_*`` options for the Redis client; empty without TLS."""
        if not self.redis_address.startswith("rediss:"):
            return {}
        given = {
            "ssl_cert_reqs": self.redis_ssl_cert_reqs,
            "ssl_ca_certs": self.redis_ssl_ca_certs,
            "ssl_certfile": self.redis_ssl_certfile,
            "ssl_keyfile": self.redis_ssl_keyfile,
        }
        return {name: str(value) for name, value in given.items() if value}


def _database_url(url: str, origin: str, tls: dict[str, str]) -> str:
    scheme, sign, rest = url.partition("://")
    if scheme == "sqlite" and sign and rest.startswith("/") and len(rest) > 1:
        return f"sqlite://{rest}"
    if scheme in ("postgres", "postgresql", "postgresql+psycopg2") and sign and len(urlsplit(url).path) > 1:
        missing = {name: value for name, value in tls.items() if f"{name}=" not in url}
        joint = "&" if "?" in rest else "?"
        return f"postgresql+psycopg2://{rest}" + (joint + urlencode(missing) if missing else "")
    raise ConfigurationError(
        "database.url must be postgresql://user:password@host:5432/name or sqlite:////path/to/file.sqlite3, "
        f"not its value (hidden) ({origin})"
    )
