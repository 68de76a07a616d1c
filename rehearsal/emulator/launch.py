"""Starts the emulator of a rehearsal: ministack as resource store, CloudFormation engine and wire, with our parts in place of its own.

The order matters: the clock before anything of ministack, our services before the guard that wraps them all.
"""

import os
import shutil
import signal
import threading

import clock as virtual_clock
import problems
import settings
import virtual_time

CLOCK = virtual_clock.Clock(os.environ["CLOCK_FILE"], problem=problems.record)
virtual_time.install(CLOCK)

# pylint: disable=wrong-import-position
import alarm_resources  # noqa: E402
import cloudformation  # noqa: E402
import cloudwatch  # noqa: E402
import control  # noqa: E402
import deliveries  # noqa: E402
import faults  # noqa: E402
import jobs  # noqa: E402
import kms  # noqa: E402
import lambda_bridge  # noqa: E402
import ministack.app as gateway  # noqa: E402
import notifications  # noqa: E402
import sagemaker_routes  # noqa: E402
import sessions  # noqa: E402
import stack_events  # noqa: E402
import state_machines  # noqa: E402
import timers  # noqa: E402


def wire():
    """Puts our parts into ministack."""
    calls = faults.CallLog()
    cloudwatch.install(CLOCK)
    sagemaker_routes.install(cloudwatch)
    alarm_resources.install()
    cloudformation.install()
    stack_events.install()
    initialise_functions = lambda_bridge.install(cloudwatch)
    state_machines.setup(CLOCK, sessions.client_factory(CLOCK), jobs.waiter(CLOCK))
    notifications.install(CLOCK)
    deliveries.install(calls)
    kms.install()
    faults.install(calls, kms.check)
    timers.install(CLOCK, cloudwatch)
    # Never the second socket on 443, which clients of Cognito tokens would need.
    gateway._port_is_bindable = lambda _host, _port: False
    gateway.app = control.application(CLOCK, control.Control(CLOCK, calls, cloudwatch, initialise_functions), gateway.app)


def leave_at_once():
    """SIGTERM ends the process now, instead of waiting for connections that clients keep open."""
    install_signal = signal.signal

    def install(number, handler):
        return install_signal(number, (lambda *_: os._exit(0)) if number == signal.SIGTERM else handler)

    signal.signal = install


def leave_with_parent():
    """Ends the process when its stdin closes, because then the rehearsal that started it is gone, and takes its folder along."""
    while os.read(0, 4096):
        pass
    for _ in range(20):
        shutil.rmtree(settings.WORK_DIR, ignore_errors=True)
        if not os.path.exists(settings.WORK_DIR):
            break
        # The sidecar's processes end at the same moment and may still be writing.
        virtual_clock.real_sleep(0.05)
    os._exit(0)


if __name__ == "__main__":
    wire()
    leave_at_once()
    threading.Thread(target=leave_with_parent, daemon=True, name="parent-watch").start()
    gateway.main()
