"""Executions that run now: so that they can be stopped and waited for."""

import threading

import ministack.services.stepfunctions as sfn

from .scope import Scope

_lock = threading.Lock()
_open: dict[str, Scope] = {}
_watchers: dict[str, list[Scope]] = {}


def opened(arn: str, scope: Scope) -> None:
    """An execution has begun."""
    with _lock:
        _open[arn] = scope


def closed(arn: str) -> None:
    """An execution has ended; whoever waits for it wakes."""
    with _lock:
        scope = _open.pop(arn, None)
        watchers = _watchers.pop(arn, [])
    if scope is not None:
        scope.close()
    for watcher in watchers:
        watcher.stop()


def stop(arn: str) -> None:
    """Stop an execution that runs; its sleepers and waiters give up."""
    with _lock:
        scope = _open.get(arn)
    if scope is not None:
        scope.stop()


def wait_for_end(scope: Scope, arn: str) -> None:
    """Wait, from another execution, until this one has ended or the waiting scope is stopped."""
    watch = scope.inner()
    with _lock:
        _watchers.setdefault(arn, []).append(watch)
    # Looked at only now: an execution that ends in between finds the watcher.
    record = sfn._executions.get(arn)
    if record is not None and record["status"] == "RUNNING":
        watch.wait_until_stopped()
    watch.close()
    scope.check()
