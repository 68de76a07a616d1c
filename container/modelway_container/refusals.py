"""The one error for input a caller can mend."""

from __future__ import annotations


class Refused(ValueError):
    """Bad input: says where, what was got and what to send instead. `status` is the HTTP status that fits it."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def refused_value(row: int, column: str, expected: str, got: object) -> Refused:
    """The wording for one bad value; `row` counts from 1."""
    shown = repr(got)
    return Refused(f"row {row}, column {column}: expected {expected} or null, got {shown[:200]}")
