"""What every container process of a rehearsal needs before its own code runs: virtual time, no network, an end when the rehearsal ends.

Python imports this by itself. Only the standard library, and as little of it as can be: it runs at the start of every process.
"""

import os


def _end_with_the_rehearsal(descriptor):
    import threading

    def wait():
        try:
            while os.read(descriptor, 64):
                pass
        except OSError:
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _follow_clock(path):
    import datetime
    import mmap
    import struct
    import time

    with open(path, "rb") as file:
        offset = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)
    real_time, gmtime, localtime, strftime = time.time, time.gmtime, time.localtime, time.strftime
    unpack = struct.Struct("<d").unpack_from

    def now():
        return real_time() + unpack(offset)[0]

    time.time = now
    time.time_ns = lambda: int(now() * 1e9)
    time.gmtime = lambda seconds=None: gmtime(now() if seconds is None else seconds)
    time.localtime = lambda seconds=None: localtime(now() if seconds is None else seconds)
    time.strftime = lambda form, moment=None: strftime(form, localtime(now()) if moment is None else moment)

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
            return real.fromtimestamp(now(), tz)

        @classmethod
        def utcnow(cls):
            """The virtual present in UTC, without a zone."""
            return real.fromtimestamp(now(), datetime.timezone.utc).replace(tzinfo=None)

    VirtualDatetime.__name__ = VirtualDatetime.__qualname__ = "datetime"
    datetime.datetime = VirtualDatetime


def _sleep_in_virtual_time(url, job):
    import time

    def sleep(seconds):
        import json
        import urllib.request

        body = json.dumps({"job": job, "seconds": seconds}).encode()
        with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=900) as answer:
            answer.read()

    time.sleep = sleep


def _refuse_network(allowed):
    import errno
    import sys

    def audit(event, arguments):
        if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][:2] != allowed:
            raise OSError(errno.ENETUNREACH, f"network isolation: this container may not connect to {arguments[1]}")

    sys.addaudithook(audit)


def _address(url):
    host, _, port = url.split("//")[-1].split("/")[0].partition(":")
    return (host, int(port or 0))


_nap_url = os.environ.pop("REHEARSAL_NAP_URL", "")
if os.environ.get("CLOCK_FILE"):
    _follow_clock(os.environ["CLOCK_FILE"])
if _nap_url:
    _sleep_in_virtual_time(_nap_url, os.environ.pop("REHEARSAL_JOB", ""))
if os.environ.pop("REHEARSAL_NETWORK", "") == "none":
    _refuse_network(_address(_nap_url) if _nap_url else None)
_pipe = os.environ.pop("REHEARSAL_PIPE", "")
if _pipe:
    _end_with_the_rehearsal(int(_pipe))
