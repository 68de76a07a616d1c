"""Rights as IAM combines them, and the one line that says what is missing."""

import json
import uuid

import ministack.services.cloudformation as cloudformation
import ministack.services.kms as kms_store
import ministack.services.s3 as s3
import permissions
import pytest
from roles import ACCOUNT, allow, deny, make_role

OBJECT = "arn:aws:s3:::some-lake/key"


def test_a_role_may_do_what_a_policy_allows_and_nothing_else():
    role = make_role("reader", allow("s3:Get*", "arn:aws:s3:::some-lake/*"))
    assert permissions.allowed(role, "s3:GetObject", OBJECT).allowed
    assert not permissions.allowed(role, "s3:PutObject", OBJECT).allowed
    assert not permissions.allowed(role, "s3:GetObject", "arn:aws:s3:::other/key").allowed


@pytest.mark.parametrize(
    "principal", ["reader", f"arn:aws:iam::{ACCOUNT}:role/reader", f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/session"]
)
def test_a_role_may_be_named_by_name_arn_or_session(principal):
    make_role("reader", allow("s3:Get*"))
    assert permissions.allowed(principal, "s3:GetObject", OBJECT).allowed
    assert not permissions.allowed(principal, "s3:PutObject", OBJECT).allowed


def test_the_account_itself_may_do_everything_and_an_unknown_role_nothing():
    assert permissions.allowed("root", "s3:PutObject", OBJECT).allowed
    assert not permissions.allowed("nobody", "s3:GetObject", OBJECT).allowed


def test_a_deny_wins_over_an_allow_and_is_said():
    role = make_role("denied", allow("s3:*"), deny("s3:DeleteObject"))
    decision = permissions.allowed(role, "s3:DeleteObject", OBJECT)
    assert not decision.allowed and "denies it" in decision.reason


def test_a_boundary_limits_what_policies_allow():
    role = make_role("bounded", allow("s3:*"), boundary=allow("s3:Get*"))
    assert permissions.allowed(role, "s3:GetObject", OBJECT).allowed
    assert not permissions.allowed(role, "s3:PutObject", OBJECT).allowed


def test_pass_role_depends_on_the_service_it_is_passed_to():
    passed = f"arn:aws:iam::{ACCOUNT}:role/job"
    role = make_role("passer", allow("iam:PassRole", passed, StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"}))
    assert permissions.allowed(role, "iam:PassRole", passed, {"iam:PassedToService": "sagemaker.amazonaws.com"}).allowed
    assert not permissions.allowed(role, "iam:PassRole", passed, {"iam:PassedToService": "lambda.amazonaws.com"}).allowed
    assert not permissions.allowed(role, "iam:PassRole", passed).allowed


def test_a_bucket_policy_may_allow_or_deny_what_the_role_has_not():
    bucket = f"bucket-{uuid.uuid4().hex[:8]}"
    s3._create_bucket(bucket, b"")
    nothing, everything = make_role("without"), make_role("with", allow("s3:*"))
    grant = {"Effect": "Allow", "Principal": {"AWS": nothing}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    refuse = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3._bucket_policies[bucket] = json.dumps({"Statement": [grant, refuse]})
    assert permissions.allowed(nothing, "s3:GetObject", f"arn:aws:s3:::{bucket}/k").allowed
    decision = permissions.allowed(everything, "s3:DeleteObject", f"arn:aws:s3:::{bucket}/k")
    assert not decision.allowed and "the resource's own policy denies it" in decision.reason


def make_key(*statements) -> str:
    """A key with these policy statements; answers its ARN."""
    _, _, body = kms_store._create_key({"Policy": json.dumps({"Statement": list(statements)})})
    return json.loads(body)["KeyMetadata"]["Arn"]


DELEGATES = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}


def test_a_key_whose_policy_delegates_to_the_account_follows_the_roles_policies():
    key = make_key(DELEGATES)
    assert permissions.allowed(make_role("keyed", allow("kms:Decrypt", key)), "kms:Decrypt", key).allowed
    assert not permissions.allowed(make_role("keyless"), "kms:Decrypt", key).allowed


def test_a_key_whose_policy_does_not_delegate_refuses_whatever_the_role_allows():
    key = make_key({**DELEGATES, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/someone"}})
    decision = permissions.allowed(make_role("keyed", allow("kms:*")), "kms:Decrypt", key)
    assert not decision.allowed and "the key policy does not" in decision.reason
    assert permissions.allowed(make_role("someone"), "kms:Decrypt", key).allowed


def test_trust_names_the_service_and_holds_its_conditions():
    make_role("trusting", trusted="sagemaker.amazonaws.com")
    assert permissions.trusts("trusting", "sagemaker.amazonaws.com")
    assert not permissions.trusts("trusting", "states.amazonaws.com")
    assert not permissions.trusts("nobody", "states.amazonaws.com")
    import ministack.services.iam as iam

    for account, trusted in ((ACCOUNT, True), ("999999999999", False)):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": ["sagemaker.amazonaws.com"]},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
        iam._roles["trusting"]["AssumeRolePolicyDocument"] = json.dumps({"Statement": statement})
        assert permissions.trusts("trusting", "sagemaker.amazonaws.com") is trusted


def test_the_reason_is_one_line_with_role_action_resource_and_where_the_role_is_declared():
    make_role("declared")
    resource = {"LogicalResourceId": "JobRole4711", "ResourceType": "AWS::IAM::Role", "PhysicalResourceId": "declared"}
    cloudformation._stacks["flight"] = {"StackName": "flight", "_resources": {"JobRole4711": resource}}
    reason = permissions.allowed("declared", "s3:GetObject", OBJECT).reason
    assert "\n" not in reason
    for part in ("role declared", "s3:GetObject", OBJECT, "stack flight", "JobRole4711"):
        assert part in reason
    del cloudformation._stacks["flight"]
