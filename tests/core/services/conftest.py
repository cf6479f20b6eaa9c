from tests.web.accounts import make_site, site, still_clock  # noqa: F401
