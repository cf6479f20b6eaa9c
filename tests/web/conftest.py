from tests.web.accounts import make_site, shared_site, site, somebody, still_clock  # noqa: F401
