"""`.sync` tasks: a state machine gives its token up until the sidecar says that the job has ended."""

import threading

from clock import NEVER

_RUNNING = ("InProgress", "Stopping")

_lock = threading.Lock()
_waiting = {}


def waiter(clock):
    """The function by which a state machine waits: (kind, name, describe) -> the description of the ended job."""

    def wait_job(kind, name, describe):
        sleeper = clock.at(clock.now() + NEVER, f"{kind} {name}")
        with _lock:
            _waiting.setdefault((kind, name), []).append(sleeper)
        # Described only now that `done` would find us, so that a job that ends in between is not missed.
        job = describe()
        if job[f"{kind}Status"] in _RUNNING:
            clock.rest(sleeper)
            return describe()
        if clock.cancel(sleeper):
            clock.release()
        return job

    return wait_job


def done(clock, kind, name):
    """Wakes whoever waits for the job and takes the token for them."""
    with _lock:
        sleepers = _waiting.pop((kind, name), [])
    for sleeper in sleepers:
        clock.wake(sleeper)
