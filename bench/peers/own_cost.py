"""What a contender costs, printed as its last line."""

import json
import resource
import sys


def print_own_cost() -> None:
    """Prints CPU seconds of this process and its children, and its peak memory."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    # Kilobytes on Linux, bytes on macOS.
    peak = max(own.ru_maxrss, children.ru_maxrss) / (1 if sys.platform != "darwin" else 1024) / 1024
    print(json.dumps({"cpuSeconds": cpu, "peakMegabytes": peak}), flush=True)
