from tests.web.accounts import make_site, site  # noqa: F401
