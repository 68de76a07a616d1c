"""Step Functions as the service runs it: JSONata STANDARD machines over MiniStack's store and history.

Every integration is a request over the wire with a session of the machine's role, so that permissions, faults and the log of calls apply
as they do to everybody else. All time is the virtual clock's.
"""

from collections.abc import Callable
from typing import Any

import ministack.services.stepfunctions as sfn

from . import registry
from .interpreter import run_execution, set_services
from .scope import Clock, Services
from .starting import starting

__all__ = ["run_execution", "setup"]


def setup(
    clock: Clock,
    client_factory: Callable[[str, str, str], Any],
    wait_job: Callable[[str, str, Callable[[], dict[str, Any]]], dict[str, Any]],
) -> None:
    """Put this interpreter in the place of MiniStack's.

    `client_factory(service, role_arn, session_name)` gives a botocore client with a session of the role;
    `wait_job(kind, name, describe)` (kind is TrainingJob, TransformJob or HyperParameterTuningJob) answers what `describe()` says once
    the job has left InProgress and Stopping.
    """
    set_services(Services(clock, client_factory, wait_job))
    sfn._run_execution = run_execution
    sfn._start_execution = starting(sfn._start_execution)
    _stopping_wakes_sleepers()


def _stopping_wakes_sleepers() -> None:
    stop_execution, delete_machine = sfn._stop_execution, sfn._delete_state_machine

    def stop(data: dict[str, Any]) -> Any:
        answer = stop_execution(data)
        registry.stop(data.get("executionArn", ""))
        return answer

    def delete(data: dict[str, Any]) -> Any:
        running = [arn for arn, record in sfn._executions.items() if record.get("stateMachineArn") == data.get("stateMachineArn")]
        answer = delete_machine(data)
        for arn in running:
            registry.stop(arn)
        return answer

    sfn._stop_execution, sfn._delete_state_machine = stop, delete
