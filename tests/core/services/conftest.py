from tests.web.accounts import make_site, reset_database, site, site_of_the_file, still_clock  # noqa: F401
