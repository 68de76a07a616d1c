"""Puts this process on the virtual clock: what the standard library says about time, and which threads count as work.

Must run before anything imports ministack, because its modules take `time` and `datetime` apart at import.
"""

import concurrent.futures
import concurrent.futures.thread
import datetime
import threading
import time

import clock as virtual_clock
from clock import thread_state

#: Loops of ministack that never end and must not hold a token; `_poll_loop` starts work although it is none itself.
ENDLESS = {"_scheduler_loop", "_ticker_loop", "_ttl_reaper", "_loop", "_start_cpu_thread"}
POLLER = "_poll_loop"

_gmtime, _localtime, _strftime = time.gmtime, time.localtime, time.strftime


def install(clock):
    """Makes `time`, `datetime`, threads and thread pools of this process follow `clock`. `time.monotonic` and asyncio stay real."""
    _install_time(clock)
    _install_datetime(clock)
    _install_threads(clock)
    _install_pools(clock)


def _install_time(clock):
    time.time = clock.now
    time.time_ns = lambda: int(clock.now() * 1e9)
    time.sleep = clock.sleep
    time.gmtime = lambda seconds=None: _gmtime(clock.now() if seconds is None else seconds)
    time.localtime = lambda seconds=None: _localtime(clock.now() if seconds is None else seconds)
    time.strftime = lambda form, moment=None: _strftime(form, time.localtime() if moment is None else moment)


def _install_datetime(clock):
    real = datetime.datetime

    class AnyDatetime(type):
        """Lets values of the real class pass for ours."""

        def __instancecheck__(cls, value):
            return isinstance(value, real)

    class VirtualDatetime(real, metaclass=AnyDatetime):
        """`datetime.datetime` whose present is virtual."""

        @classmethod
        def now(cls, tz=None):
            """The virtual present in `tz`."""
            return real.fromtimestamp(clock.now(), tz)

        @classmethod
        def utcnow(cls):
            """The virtual present in UTC, without a zone."""
            return real.fromtimestamp(clock.now(), datetime.timezone.utc).replace(tzinfo=None)

        @classmethod
        def today(cls):
            """The virtual present in local time."""
            return real.fromtimestamp(clock.now())

    VirtualDatetime.__name__ = VirtualDatetime.__qualname__ = "datetime"
    datetime.datetime = VirtualDatetime


def _as_work(clock, act):
    """`act`, run with a token that the caller already took for it."""

    def work(*args, **kwargs):
        thread_state.holds_token = True
        try:
            return act(*args, **kwargs)
        finally:
            thread_state.holds_token = False
            clock.release()

    return work


def _as_starter(act):
    def start(*args, **kwargs):
        thread_state.starts_work = True
        return act(*args, **kwargs)

    return start


def _install_threads(clock):
    start_thread = threading.Thread.start

    def start(self):
        act = getattr(self, "_target", None)
        name = getattr(act, "__name__", "")
        if name == POLLER:
            self._target = _as_starter(act)
            return start_thread(self)
        pool_worker = act is concurrent.futures.thread._worker
        if act is None or pool_worker or name in ENDLESS or not virtual_clock.starts_work():
            return start_thread(self)
        clock.hold()
        self._target = _as_work(clock, act)
        try:
            return start_thread(self)
        except RuntimeError:
            clock.release()
            raise

    threading.Thread.start = start


def _install_pools(clock):
    submit_to_pool = concurrent.futures.ThreadPoolExecutor.submit

    def submit(self, act, /, *args, **kwargs):
        clock.hold()
        try:
            future = submit_to_pool(self, _as_work(clock, act), *args, **kwargs)
        except RuntimeError:
            clock.release()
            raise
        # What is cancelled before it runs never gives its token back by itself.
        future.add_done_callback(lambda done: done.cancelled() and clock.release())
        return future

    concurrent.futures.ThreadPoolExecutor.submit = submit
