"""The day, in UTC; nothing here knows the hour."""

import datetime as dt


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
