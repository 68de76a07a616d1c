"""Where a resource of the emulator is declared: its stack and logical id."""

import ministack.services.cloudformation as cloudformation


def declared(resource_type, physical_id):
    """`stack X, resource Y`, or that no stack declares it."""
    for stack in list(cloudformation._stacks._data.values()):
        for logical_id, resource in list(stack.get("_resources", {}).items()):
            if resource.get("ResourceType") == resource_type and resource.get("PhysicalResourceId") == physical_id:
                return f"stack {stack.get('StackName')}, resource {logical_id}"
    return "no stack"


def declared_role(principal):
    """Where the role of an assumed-role or role ARN is declared."""
    name = principal.split(":assumed-role/")[1].split("/")[0] if ":assumed-role/" in principal else principal.split("/")[-1]
    return declared("AWS::IAM::Role", name)
