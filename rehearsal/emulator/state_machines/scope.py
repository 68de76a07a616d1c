"""Where a state runs: the execution, the branch or map iteration in it, and what stops it."""

import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from .expressions import Sight
from .failures import Stopped
from .history import History


class Clock(Protocol):
    """What this package needs of the virtual clock (`clock.Clock`)."""

    def now(self) -> float: ...
    def wait(self, event: threading.Event | None, seconds: float | None = None, label: str = "") -> bool: ...


@dataclass(frozen=True)
class Services:
    """What the launcher lends the interpreter.

    `client(service, role_arn, session_name)` gives a botocore client with a session of that role;
    `wait_job(kind, name, describe)` gives the description of a SageMaker job once it has ended, without keeping the clock busy meanwhile.
    """

    clock: Clock
    client: Callable[[str, str, str], Any]
    wait_job: Callable[[str, str, Callable[[], dict[str, Any]]], dict[str, Any]]


@dataclass(frozen=True)
class Execution:
    """One running execution: its record in MiniStack's store, its machine, and its history."""

    arn: str
    name: str
    machine: dict[str, Any]
    record: dict[str, Any]
    history: History
    services: Services

    @property
    def role(self) -> str:
        """The role all integrations are called with."""
        return self.machine["roleArn"]

    def client(self, service: str) -> Any:
        """A botocore client with a session of the machine's role, named after the execution."""
        return self.services.client(service, self.role, self.name)


class Scope:
    """One line of control: the machine itself, a branch, or a map iteration. Stopping a scope stops those inside it."""

    def __init__(self, execution: Execution, context: dict[str, Any], variables: dict[str, Any], parent: "Scope | None" = None):
        self.execution = execution
        self.context = context
        self.variables = variables
        self._last_event = parent._last_event if parent else 1
        self._parent = parent
        self._inner: list[Scope] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        if parent is not None:
            parent._adopt(self)

    @property
    def clock(self) -> Clock:
        """The virtual clock."""
        return self.execution.services.clock

    def inner(self, execution: Execution | None = None, variables: dict[str, Any] | None = None, **context: Any) -> "Scope":
        """A scope inside this one, with its own copies of context and variables: branches never see each other's."""
        seen = dict(self.variables) if variables is None else variables
        return Scope(execution or self.execution, {**self.context, **context}, seen, self)

    def sight(self, data: Any) -> Sight:
        """What an expression sees from here, with `data` as the state's input."""
        return Sight(data, self.context, self.variables)

    def stop(self) -> None:
        """End what runs in here; sleepers wake and give up."""
        self._stop.set()
        with self._lock:
            inner = list(self._inner)
        for scope in inner:
            scope.stop()

    def close(self) -> None:
        """Stop what is left inside, and forget this scope in its parent."""
        self.stop()
        if self._parent is not None:
            with self._parent._lock:
                self._parent._inner = [scope for scope in self._parent._inner if scope is not self]

    def check(self) -> None:
        """Raise `Stopped` when this scope was stopped."""
        if self._stop.is_set():
            raise Stopped

    def wait_until_stopped(self, seconds: float | None = None, label: str = "") -> bool:
        """Wait in virtual time for this scope to be stopped, at most `seconds`; true when it was."""
        return self._stop.is_set() or self.clock.wait(self._stop, seconds, label)

    def sleep(self, seconds: float, label: str) -> None:
        """Sleep in virtual time; `Stopped` when the scope is stopped meanwhile."""
        if seconds > 0:
            self.wait_until_stopped(seconds, label)
        self.check()

    def record(self, event: str, details: dict[str, Any] | None = None) -> None:
        """Add an event to the execution's history; a stopped scope adds nothing more."""
        self.check()
        self._last_event = self.execution.history.add(event, details, self._last_event)

    def _adopt(self, scope: "Scope") -> None:
        with self._lock:
            self._inner.append(scope)
        if self._stop.is_set():
            scope.stop()


def spawn(work: Callable[[], None]) -> None:
    """Start a thread in the caller's account and region."""
    threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
