"""What KMS asks of callers and services that touch encrypted resources."""

import json
import uuid

import kms
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudwatch_logs as logs
import ministack.services.s3 as s3
import ministack.services.scheduler as scheduler
import ministack.services.sns as sns
import ministack.services.sqs as sqs
import ministack.services.ssm as ssm
import pytest
from ministack.services.cloudformation import provisioners
from roles import ACCOUNT, allow, make_role
from test_permissions import DELEGATES, make_key


def session(role: str) -> str:
    """A caller with this role."""
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rsplit('/', 1)[-1]}/session"


def request(method="POST", path="/", headers=None, body=None, query=None):
    """A request as the guard of all calls sees it."""
    data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    return method, path, headers or {}, data, query or {}


def declare(kind: str, physical_id: str, properties: dict) -> None:
    """A resource of a template, with its resolved properties."""
    stack = f"s-{uuid.uuid4().hex[:8]}"
    resource = {"ResourceType": kind, "PhysicalResourceId": physical_id, "Properties": properties}
    cloudformation._stacks[stack] = {"StackName": stack, "_resources": {"R": resource}}


@pytest.fixture(name="key")
def fixture_key():
    return make_key(DELEGATES)


@pytest.fixture(name="bucket")
def fixture_bucket(key):
    name = f"lake-{uuid.uuid4().hex[:8]}"
    s3._create_bucket(name, b"")
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": "true"}
    declare("AWS::S3::Bucket", name, {"BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}})
    return name


class TestObjects:
    """Objects of a bucket whose template names a key."""

    def test_reading_needs_decrypt_writing_needs_a_data_key(self, key, bucket):
        reader, writer = (
            session(make_role(f"{name}", allow(action, key)))
            for name, action in (("dec", "kms:Decrypt"), ("gen", "kms:GenerateDataKey"))
        )
        get = request("GET", f"/{bucket}/a%20b")
        put = request("PUT", f"/{bucket}/a")
        assert kms.check(reader, "s3", "GetObject", get) is None
        assert kms.check(writer, "s3", "PutObject", put) is None
        refusal = kms.check(writer, "s3", "GetObject", get)
        assert "role gen lacks kms:Decrypt" in refusal and "needed for s3:GetObject" in refusal and "\n" not in refusal
        assert "kms:GenerateDataKey" in kms.check(reader, "s3", "PutObject", put)

    def test_root_and_calls_without_data_need_no_key(self, bucket):
        nobody = session(make_role("nokey"))
        assert kms.check("root", "s3", "GetObject", request("GET", f"/{bucket}/a")) is None
        assert kms.check(nobody, "s3", "ListBucket", request("GET", f"/{bucket}")) is None
        assert kms.check(nobody, "s3", "GetObject", request("HEAD", f"/{bucket}/a")) is None
        assert kms.check(nobody, "s3", "DeleteObject", request("DELETE", f"/{bucket}/a")) is None

    def test_a_part_of_a_multipart_upload_needs_both(self, key, bucket):
        generate = session(make_role("gen", allow("kms:GenerateDataKey", key)))
        begin = request("POST", f"/{bucket}/a", query={"uploads": [""]})
        part = request("PUT", f"/{bucket}/a", query={"uploadId": ["1"], "partNumber": ["1"]})
        assert kms.check(generate, "s3", "PutObject", begin) is None
        assert "kms:Decrypt" in kms.check(generate, "s3", "PutObject", part)

    def test_a_copy_decrypts_its_source(self, key, bucket):
        other = f"plain-{uuid.uuid4().hex[:8]}"
        s3._create_bucket(other, b"")
        copy = request("PUT", f"/{other}/a", {"x-amz-copy-source": f"/{bucket}/a%20b?versionId=1"})
        assert "kms:Decrypt" in kms.check(session(make_role("nokey")), "s3", "PutObject", copy)
        assert kms.check(session(make_role("dec", allow("kms:Decrypt", key))), "s3", "PutObject", copy) is None

    def test_a_key_in_the_headers_wins_over_the_buckets_and_aes256_needs_none(self, bucket):
        other = make_key(DELEGATES)
        named = {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": other}
        nobody = session(make_role("nokey"))
        assert other in kms.check(nobody, "s3", "PutObject", request("PUT", f"/{bucket}/a", named))
        assert (
            kms.check(nobody, "s3", "PutObject", request("PUT", f"/{bucket}/a", {"x-amz-server-side-encryption": "AES256"}))
            is None
        )

    @pytest.mark.parametrize(
        ("condition", "allowed"),
        [
            ({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}, True),
            ({"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}, False),
            ({"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::lake-*"}}, True),
            # With a bucket key the context is the bucket, so a condition on objects never holds.
            ({"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::lake-*/*"}}, False),
        ],
    )
    def test_conditions_on_the_service_and_the_context_hold(self, key, bucket, condition, allowed):
        caller = session(make_role("cond", allow("kms:Decrypt", key, **condition)))
        assert (kms.check(caller, "s3", "GetObject", request("GET", f"/{bucket}/a")) is None) is allowed


def test_a_queue_with_a_key_asks_senders_for_two_rights_and_receivers_for_one(key):
    name = f"q-{uuid.uuid4().hex[:8]}"
    sqs._act_create_queue({"QueueName": name, "Attributes": {"KmsMasterKeyId": key}}, None)
    body = {"QueueUrl": sqs._queue_url(name)}
    decrypt = session(make_role("dec", allow("kms:Decrypt", key)))
    both = session(make_role("both", allow(["kms:Decrypt", "kms:GenerateDataKey"], key)))
    assert "kms:GenerateDataKey" in kms.check(decrypt, "sqs", "SendMessage", request(body=body))
    assert kms.check(both, "sqs", "SendMessage", request(body=body)) is None
    assert kms.check(decrypt, "sqs", "ReceiveMessage", request(body=body)) is None
    assert kms.check(session(make_role("nokey")), "sqs", "DeleteMessage", request(body=body)) is None
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
    assert kms.queue_reader_refusal(make_role("dec", allow("kms:Decrypt", key)), arn) is None
    assert "kms:Decrypt" in kms.queue_reader_refusal(make_role("nokey"), arn)


@pytest.mark.parametrize("by_template", [True, False])
def test_a_topic_with_a_key_asks_publishers(key, by_template):
    sns._create_topic({"Name": [f"t-{uuid.uuid4().hex[:8]}"]})
    topic = list(sns._topics.values())[-1]
    if by_template:
        declare("AWS::SNS::Topic", topic["arn"], {"KmsMasterKeyId": key})
    else:
        topic["attributes"]["KmsMasterKeyId"] = key
    publish = request(body=f"Action=Publish&TopicArn={topic['arn']}&Message=m".encode())
    assert "kms:GenerateDataKey" in kms.check(session(make_role("nokey")), "sns", "Publish", publish)
    assert kms.check(session(make_role("both", allow("kms:*", key))), "sns", "Publish", publish) is None


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"])
def test_a_table_with_a_key_asks_readers_and_writers_also_in_transactions(key, kind):
    name = f"t-{uuid.uuid4().hex[:8]}"
    specification = {"SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}}
    declare(kind, name, specification if kind.endswith("::Table") else {"Replicas": [{"Region": "us-east-1", **specification}]})
    nobody = session(make_role("nokey"))
    assert "kms:Decrypt" in kms.check(nobody, "dynamodb", "GetItem", request(body={"TableName": name}))
    items = {"TransactItems": [{"Put": {"TableName": name, "Item": {}}}]}
    assert "kms:Decrypt" in kms.check(nobody, "dynamodb", "TransactWriteItems", request(body=items))
    assert "kms:Decrypt" in kms.check(nobody, "dynamodb", "BatchGetItem", request(body={"RequestItems": {name: {}}}))
    assert kms.check(nobody, "dynamodb", "DescribeTable", request(body={"TableName": name})) is None
    holds = {"StringEquals": {"kms:EncryptionContext:aws:dynamodb:tableName": name}}
    assert (
        kms.check(
            session(make_role("ctx", allow("kms:Decrypt", key, **holds))),
            "dynamodb",
            "GetItem",
            request(body={"TableName": name}),
        )
        is None
    )


def test_a_secure_parameter_asks_whoever_decrypts_it(key):
    name = f"/p/{uuid.uuid4().hex[:8]}"
    ssm._put_parameter({"Name": name, "Value": "v", "Type": "SecureString", "KeyId": key})
    nobody = session(make_role("nokey"))
    assert "kms:Decrypt" in kms.check(nobody, "ssm", "GetParameter", request(body={"Name": name, "WithDecryption": True}))
    assert kms.check(nobody, "ssm", "GetParameter", request(body={"Name": name})) is None
    assert "kms:Encrypt" in kms.check(
        nobody, "ssm", "PutParameter", request(body={"Name": name, "Type": "SecureString", "KeyId": key})
    )


def service_key(service: str, **condition) -> str:
    """A key that a service may use."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:Encrypt*"],
        "Resource": "*",
    }
    return make_key(DELEGATES, {**statement, **({"Condition": condition} if condition else {})})


class TestDeliveries:
    """What services deliver to encrypted queues and topics."""

    RULE = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/upload"

    def queue(self, key):
        name = f"q-{uuid.uuid4().hex[:8]}"
        sqs._act_create_queue({"QueueName": name, "Attributes": {"KmsMasterKeyId": key}}, None)
        return f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"

    def test_the_key_policy_must_name_the_service_that_delivers(self):
        target = self.queue(service_key("events.amazonaws.com"))
        assert kms.check_delivery("events.amazonaws.com", self.RULE, target) is None
        refusal = kms.check_delivery("sns.amazonaws.com", "arn:aws:sns:us-east-1:1:t", target)
        assert "sns.amazonaws.com lacks kms:GenerateDataKey" in refusal and target in refusal

    def test_delegation_to_the_account_is_nothing_to_a_service(self, key):
        assert kms.check_delivery("events.amazonaws.com", self.RULE, self.queue(key)) is not None

    @pytest.mark.parametrize(("account", "passes"), [(ACCOUNT, True), ("999999999999", False)])
    def test_conditions_on_the_source_hold(self, account, passes):
        target = self.queue(
            service_key("events.amazonaws.com", StringEquals={"aws:SourceAccount": account}, ArnLike={"aws:SourceArn": self.RULE})
        )
        assert (kms.check_delivery("events.amazonaws.com", self.RULE, target) is None) is passes

    def test_a_role_that_delivers_needs_the_key_itself(self, key):
        target = self.queue(key)
        assert kms.check_delivery(make_role("deliverer", allow("kms:*", key)), self.RULE, target) is None
        assert "role nokey" in kms.check_delivery(make_role("nokey"), self.RULE, target)

    def test_queues_with_aws_own_encryption_and_other_targets_need_nothing(self):
        assert kms.check_delivery("events.amazonaws.com", self.RULE, self.queue("alias/aws/sqs")) is None
        assert kms.check_delivery("events.amazonaws.com", self.RULE, f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:m") is None


def test_a_schedule_delivers_with_its_role_which_must_be_able_to_read_the_schedule(key):
    name = f"s-{uuid.uuid4().hex[:8]}"
    arn, machine = (
        f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/default/{name}",
        f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:m",
    )
    declare("AWS::Scheduler::Schedule", name, {"KmsKeyArn": key})
    scheduler._schedules[f"default/{name}"] = {"Target": {"RoleArn": make_role("reads", allow("kms:Decrypt", key))}}
    assert kms.check_delivery("scheduler.amazonaws.com", arn, machine) is None
    scheduler._schedules[f"default/{name}"]["Target"]["RoleArn"] = make_role("nokey")
    assert "role nokey lacks kms:Decrypt" in kms.check_delivery("scheduler.amazonaws.com", arn, machine)
    del scheduler._schedules[f"default/{name}"]


class TestLogGroups:
    """Log groups with a key: the service needs it, for this group."""

    def properties(self, key):
        return {"LogGroupName": f"/g/{uuid.uuid4().hex[:8]}", "KmsKeyId": key}

    def test_a_template_whose_key_does_not_let_logs_in_fails_as_on_aws(self, key):
        create = provisioners._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]["create"]
        with pytest.raises(ValueError, match="logs.us-east-1.amazonaws.com lacks kms:Encrypt"):
            create("G", self.properties(key), "s")

    @pytest.mark.parametrize(("pattern", "fails"), [("/g/*", False), ("/other/*", True)])
    def test_the_context_names_the_group(self, pattern, fails):
        arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{pattern}"
        properties = self.properties(
            service_key("logs.us-east-1.amazonaws.com", ArnLike={"kms:EncryptionContext:aws:logs:arn": arn})
        )
        assert (kms.log_group_refusal(properties["LogGroupName"], properties["KmsKeyId"]) is not None) is fails
        if not fails:
            provisioners._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]["create"]("G", properties, "s")
            assert properties["LogGroupName"] in logs._log_groups
