"""Task tokens: a task that ends when somebody answers its token, or stops sending heartbeats."""

import json
from datetime import datetime
from typing import Any

import ministack.services.stepfunctions as sfn

from .failures import HEARTBEAT_TIMEOUT, StateFailure
from .fan_out import TimeLimit
from .scope import Scope


class Callback:
    """One token, registered where MiniStack's SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat look for it."""

    def __init__(self, scope: Scope):
        self.token = sfn.new_uuid()
        self._scope = scope
        self._watch = scope.inner()
        self._entry: dict[str, Any] = {"event": _Answered(self._watch), "result": None, "error": None, "heartbeat": None}
        sfn._task_tokens[self.token] = self._entry

    def answer(self, seconds: float | None, heartbeat: float | None) -> Any:
        """Wait for the answer, at most `seconds`, and at most `heartbeat` seconds after the last sign of life."""
        clock = self._scope.clock
        end = None if seconds is None else clock.now() + seconds
        began = clock.now()
        while True:
            alive = max(began, self._last_heartbeat())
            deadlines = [at for at in (end, None if heartbeat is None else alive + heartbeat) if at is not None]
            wait = min(deadlines) - clock.now() if deadlines else None
            if self._watch.wait_until_stopped(wait, "task token"):
                self._scope.check()
                return self._answer()
            if end is not None and clock.now() >= end:
                raise TimeLimit
            if heartbeat is not None and clock.now() >= max(began, self._last_heartbeat()) + heartbeat:
                raise StateFailure(HEARTBEAT_TIMEOUT, f"no heartbeat came for {heartbeat} seconds")

    def forget(self) -> None:
        """The token is no longer valid."""
        sfn._task_tokens.pop(self.token, None)
        self._watch.close()

    def _answer(self) -> Any:
        error = self._entry["error"]
        if error is not None:
            raise StateFailure(error["Error"], error["Cause"])
        return json.loads(self._entry["result"])

    def _last_heartbeat(self) -> float:
        beat = self._entry["heartbeat"]
        return datetime.fromisoformat(beat.replace("Z", "+00:00")).timestamp() if beat else 0.0


class _Answered:
    """Stands where MiniStack expects a `threading.Event`: setting it wakes the waiting state."""

    def __init__(self, watch: Scope):
        self._watch = watch

    def set(self) -> None:
        self._watch.stop()
