"""Work in threads of its own: with a time limit, or many pieces side by side. All waiting is in virtual time."""

import threading
from collections.abc import Callable
from typing import Any

from .scope import Scope, spawn


class TimeLimit(Exception):
    """The work did not end within its time limit."""


def within(scope: Scope, seconds: float | None, label: str, work: Callable[[], Any]) -> Any:
    """Do `work` in a thread of its own and answer its result; `TimeLimit` after `seconds`, `Stopped` when the scope is stopped.

    The work itself is not interrupted (a call in flight cannot be); its result is dropped.
    """
    watch = scope.inner()
    box: dict[str, Any] = {}

    def run() -> None:
        try:
            box["value"] = work()
        except BaseException as problem:  # noqa: BLE001 - raised again in the thread that waits
            box["problem"] = problem
        finally:
            watch.stop()

    spawn(run)
    ended = watch.wait_until_stopped(seconds, label)
    watch.close()
    scope.check()
    if not ended:
        raise TimeLimit
    if "problem" in box:
        raise box["problem"]
    return box["value"]


def run_all(scope: Scope, count: int, limit: int, work: Callable[[int, Scope], Any]) -> list[Any]:
    """Do `work(index, scope)` for every index, at most `limit` at a time.

    The first failure is raised at once, and what else runs is stopped.
    """
    failures: list[BaseException] = []

    def failed(_index: int, problem: BaseException) -> bool:
        failures.append(problem)
        return False

    results = run_each(scope, count, limit, work, failed)
    if failures:
        raise failures[0]
    return results


def run_each(
    scope: Scope,
    count: int,
    limit: int,
    work: Callable[[int, Scope], Any],
    failed: Callable[[int, BaseException], bool],
) -> list[Any]:
    """As `run_all`, but every failure is handed to `failed`, which says whether to go on."""
    if count == 0:
        return []
    lanes = _Lanes(scope, count, work, failed)
    for _ in range(min(limit, count)):
        spawn(lanes.run)
    lanes.group.wait_until_stopped()
    lanes.group.close()
    scope.check()
    return lanes.results


class _Lanes:
    """The queue that the workers of one fan-out share; its scope is stopped when the last piece is done."""

    def __init__(self, scope: Scope, count: int, work: Callable[[int, Scope], Any], failed: Callable[[int, BaseException], bool]):
        self.group = scope.inner()
        self.results: list[Any] = [None] * count
        self._lock = threading.Lock()
        self._next = 0
        self._left = count
        self._over = False
        self._work = work
        self._failed = failed

    def run(self) -> None:
        """Take pieces of work until there are none, or the fan-out is over."""
        while (index := self._take()) is not None:
            problem = None
            scope = self.group.inner()
            try:
                self.results[index] = self._work(index, scope)
            except BaseException as raised:  # noqa: BLE001 - handed to `failed`
                problem = raised
            scope.close()
            self._finish(index, problem)

    def _take(self) -> int | None:
        with self._lock:
            if self._over or self._next == len(self.results):
                return None
            self._next += 1
            return self._next - 1

    def _finish(self, index: int, problem: BaseException | None) -> None:
        with self._lock:
            if self._over:
                return
            self._left -= 1
            self._over = (problem is not None and not self._failed(index, problem)) or self._left == 0
            over = self._over
        if over:
            self.group.stop()
