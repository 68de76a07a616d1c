"""What a rehearsal must not hide: lost rights, broken answers, bugs of the clock. One line each, in order of appearance."""

import threading
from dataclasses import asdict, dataclass

_lock = threading.Lock()
_lines = []
_denials = []


@dataclass(frozen=True)
class Denial:
    """A call or delivery that was refused for lack of rights."""

    principal: str
    action: str
    resource: str


def record(line):
    """Keeps `line` unless it is already there, and prints it to the log of the emulator."""
    with _lock:
        if line in _lines:
            return
        _lines.append(line)
    print("PROBLEM", line, flush=True)


def denied(principal, action, resource, line):
    """Records a refused call; `line` says who, what, on what, and where the right would have to be declared."""
    with _lock:
        _denials.append(Denial(principal, action, resource))
    record(line)


def listed():
    """Every problem so far."""
    with _lock:
        return list(_lines)


def denials():
    """Every refused call so far, repetitions included."""
    with _lock:
        return [asdict(denial) for denial in _denials]
