"""Agreement as a column of the data manager."""

from labelwright.api import Column


class Agreement(Column):
    name = "agreement"
    title = "Agreement"
    percent = True
    help = "How far the people who have answered the task agree"
    shown_in_list = True
