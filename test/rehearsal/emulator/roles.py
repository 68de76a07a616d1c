"""Roles for tests, put where CloudFormation would put them."""

import json

import ministack.services.iam as iam

ACCOUNT = "123456789012"


def make_role(name: str, *statements: dict, trusted: str = "states.amazonaws.com", boundary: dict | None = None) -> str:
    """A role with one inline policy; answers its ARN."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": trusted}}
    iam._roles[name] = {
        "RoleName": name,
        "Arn": arn,
        "AssumeRolePolicyDocument": json.dumps({"Statement": [trust]}),
        "InlinePolicies": {"test": json.dumps({"Statement": list(statements)})},
        "AttachedPolicies": [],
    }
    if boundary is not None:
        policy = f"arn:aws:iam::{ACCOUNT}:policy/{name}-boundary"
        version = {"Document": json.dumps({"Statement": [boundary]}), "VersionId": "v1"}
        iam._policies[policy] = {"Arn": policy, "DefaultVersionId": "v1", "Versions": {"v1": version}}
        iam._roles[name]["PermissionsBoundary"] = policy
    return arn


def allow(action, resource="*", **condition) -> dict:
    """An Allow statement; conditions as keyword arguments by operator."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def deny(action, resource="*") -> dict:
    """A Deny statement."""
    return {"Effect": "Deny", "Action": action, "Resource": resource}
