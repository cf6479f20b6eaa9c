from tests.web.accounts import (  # noqa: F401
    make_site,
    reset_database,
    shared_site,
    site,
    site_of_the_file,
    somebody,
    still_clock,
)
