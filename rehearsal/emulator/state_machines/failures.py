"""How states fail: the error names of Step Functions and what matches them."""

from collections.abc import Iterable

RUNTIME = "States.Runtime"
TIMEOUT = "States.Timeout"
HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
TASK_FAILED = "States.TaskFailed"
DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded"

_TIMEOUTS = {TIMEOUT, HEARTBEAT_TIMEOUT}


class StateFailure(Exception):
    """A state failed with an error name and a cause, as `Retry` and `Catch` see it."""

    def __init__(self, error: str, cause: str):
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class Stopped(Exception):
    """The execution, or the branch this code runs in, was ended from outside; nothing of it counts any more."""


def matches(error_equals: Iterable[str], error: str) -> bool:
    """Whether an `ErrorEquals` list covers an error.

    `States.Runtime` always ends the execution, and `States.DataLimitExceeded` is not part of `States.ALL`. `States.Timeout` covers
    missed heartbeats, `States.TaskFailed` everything but timeouts.
    """
    names = set(error_equals)
    if error == RUNTIME:
        return False
    if error in names:
        return True
    if error == DATA_LIMIT_EXCEEDED:
        return False
    if error == HEARTBEAT_TIMEOUT and TIMEOUT in names:
        return True
    return "States.ALL" in names or (TASK_FAILED in names and error not in _TIMEOUTS)
