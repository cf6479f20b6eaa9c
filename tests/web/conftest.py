from tests.web.accounts import make_site, shared_site, site, somebody  # noqa: F401
