"""Status changes of stacks as EventBridge events, which ministack keeps to itself."""

import json

import ministack.services.cloudformation.stacks as stacks
import ministack.services.eventbridge as eventbridge

_STACK = "AWS::CloudFormation::Stack"


def install():
    """Lets every event of a stack itself reach the default bus too; those of its resources stay with CloudFormation."""
    add = stacks._add_event

    def add_event(stack_id, stack_name, logical_id, resource_type, status, reason="", physical_id="", detailed_status=""):
        add(stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status)
        if resource_type == _STACK and logical_id == stack_name:
            _announce(stack_id, status, reason)

    stacks._add_event = add_event


def _announce(stack_id, status, reason):
    detail = {"stack-id": stack_id, "status-details": {"status": status, "status-reason": reason}}
    entry = {
        "Source": "aws.cloudformation",
        "DetailType": "CloudFormation Stack Status Change",
        "Resources": [stack_id],
        "Detail": json.dumps(detail),
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
