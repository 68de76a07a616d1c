"""SageMaker's front: requests against the service's model, rights beside the call, and answers held to the model too."""

import json
import re

import problems
import pytest
import sagemaker_front
import sidecar
from roles import ACCOUNT, allow, make_role
from sagemaker_front.java_patterns import compile_pattern
from sagemaker_front.validation import service_model

GOOD_MODEL = {
    "ModelName": "m",
    "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/jobs",
    "PrimaryContainer": {"Image": "repo/image:1"},
}


@pytest.fixture(name="asked", autouse=True)
def fixture_asked(monkeypatch):
    """Requests that reached the sidecar, which answers what a test puts under `answer`."""

    class Asked(list):
        answer = {"status": 200, "body": {"ModelArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/m"}}

    asked = Asked()
    monkeypatch.setattr(sidecar, "call", lambda path, message: asked.append((path, message)) or asked.answer)
    make_role("jobs", trusted="sagemaker.amazonaws.com")
    return asked


def ask(operation, body, caller="root"):
    status, answer = sagemaker_front.handle(caller, operation, json.dumps(body).encode())
    return status, answer.get("__type"), answer.get("message", "")


def test_a_good_request_reaches_the_sidecar_and_its_answer_the_caller(asked):
    assert sagemaker_front.handle("root", "CreateModel", json.dumps(GOOD_MODEL).encode()) == (200, asked.answer["body"])
    assert asked == [("/api", {"op": "CreateModel", "body": GOOD_MODEL, "caller": "root"})]


def test_everything_wrong_is_said_in_one_answer_in_the_words_of_the_service(asked):
    body = {
        "TrainingJobName": "-bad",
        "Unheard": 1,
        "ResourceConfig": {"InstanceType": "ml.huge"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 0},
        "HyperParameters": {"a": "x" * 3000},
        "Tags": [{"Key": "k"}],
    }
    status, code, message = ask("CreateTrainingJob", body)
    assert (status, code) == (400, "ValidationException")
    for part in (
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
        "Value '-bad' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: ",
        'Unknown parameter in input: "Unheard", must be one of: TrainingJobName, ',
        "Value 'ml.huge' at 'resourceConfig.instanceType' failed to satisfy constraint: Member must satisfy enum value set: [",
        "Value '0' at 'stoppingCondition.maxRuntimeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 1",
        "at 'hyperParameters.a.member' failed to satisfy constraint: Member must have length less than or equal to 2500",
        "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
    ):
        assert part in message, message
    count = int(re.match(r"(\d+) validation errors detected: ", message)[1])
    assert count == message.count("failed to satisfy constraint") and asked == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"EndpointName": 5}, "NUMBER_VALUE can not be converted to a String at 'endpointName'"),
        ({"EndpointName": "e", "RetainAllVariantProperties": "true"}, "can not be converted to a Boolean"),
        ({"EndpointName": "e", "DeploymentConfig": []}, "can not be converted to a structure"),
        ({"EndpointName": "e", "ExcludeRetainedVariantProperties": {}}, "can not be converted to a list"),
    ],
)
def test_a_wrong_type_is_a_serialization_exception(body, words):
    status, code, message = ask("UpdateEndpoint", body)
    assert (status, code) == (400, "SerializationException") and words in message


def test_an_operation_the_service_does_not_have_and_a_body_that_is_no_json_are_refused():
    assert ask("CreateMiracle", {})[1] == "UnknownOperationException"
    assert sagemaker_front.handle("root", "CreateModel", b"{")[1]["__type"] == "SerializationException"


def test_every_pattern_of_the_service_compiles():
    patterns = {
        shape.metadata["pattern"]
        for service in ("sagemaker", "sagemaker-runtime")
        for shape in map(service_model(service).shape_for, service_model(service).shape_names)
        if shape.metadata.get("pattern")
    }
    assert len(patterns) > 200
    for pattern in patterns:
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"([\p{L}\p{Z}\p{N}_.:\/=+\-@]*)${1,128}", ["Größe 7", "日本/x", ""], ["a;b", "a\n"]),
        (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", ["a+b, c! é"], ["\x00", "\t"]),
        (r"\p{ASCII}*", ["plain\ttext"], ["é"]),
        (r"\A\S[\p{Print}]*\z", ["x y"], [" x", "x\n", "xé"]),
        (r"arn:[\p{Alnum}\-]+:lambda:.*", ["arn:aws-cn:lambda:x"], ["arn:aws_cn:lambda:x"]),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", ["a\t😀"], ["\x01"]),
        (r"\d{12}", ["123456789012"], ["١٢٣٤٥٦٧٨٩٠١٢"]),
    ],
)
def test_java_patterns_mean_in_python_what_they_mean_in_java(pattern, good, bad):
    compiled = compile_pattern(pattern)
    assert all(compiled.fullmatch(text) for text in good)
    assert not any(compiled.fullmatch(text) for text in bad)


class TestRights:
    """Rights the service checks beside the call."""

    JOBS = f"arn:aws:iam::{ACCOUNT}:role/jobs"

    def caller(self, *statements):
        return make_role("caller", *statements).replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/execution"

    def test_a_role_must_be_passed_by_right_and_to_sagemaker(self):
        passing = {"iam:PassedToService": "sagemaker.amazonaws.com"}
        assert ask("CreateModel", GOOD_MODEL, self.caller(allow("iam:PassRole", self.JOBS, StringEquals=passing)))[0] == 200
        status, code, message = ask("CreateModel", GOOD_MODEL, self.caller(allow("sagemaker:*")))
        assert (status, code) == (400, "AccessDeniedException")
        assert f"assumed-role/caller/execution is not authorized to perform: iam:PassRole on resource: {self.JOBS}" in message

    def test_the_passed_role_must_exist_and_trust_sagemaker(self):
        make_role("jobs", trusted="lambda.amazonaws.com")
        assert "allows principal 'sagemaker.amazonaws.com' to assume the role" in ask("CreateModel", GOOD_MODEL)[2]
        gone = {**GOOD_MODEL, "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/gone"}
        assert ask("CreateModel", gone)[1] == "ValidationException"

    def test_tags_at_creation_need_add_tags_on_the_resource(self):
        tagged = {**GOOD_MODEL, "Tags": [{"Key": "a", "Value": "b"}]}
        passes = allow("iam:PassRole")
        assert "sagemaker:AddTags" in ask("CreateModel", tagged, self.caller(passes))[2]
        model = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/m"
        assert ask("CreateModel", tagged, self.caller(passes, allow("sagemaker:AddTags", model)))[0] == 200

    def test_an_endpoint_needs_the_right_on_its_config_too(self, asked):
        asked.answer = {"status": 200, "body": {"EndpointArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/e"}}
        body = {"EndpointName": "e", "EndpointConfigName": "C-1"}
        config = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint-config/c-1"
        assert config in ask("UpdateEndpoint", body, self.caller(allow("sagemaker:UpdateEndpoint", "*/endpoint/*")))[2]
        assert ask("UpdateEndpoint", body, self.caller(allow("sagemaker:UpdateEndpoint", config)))[0] == 200


def test_an_answer_the_service_would_never_give_is_a_problem_and_an_error_is_passed_on(asked):
    asked.answer = {"status": 200, "body": {"ModelArn": "arn", "Extra": 1}}
    assert ask("CreateModel", GOOD_MODEL)[0] == 200
    assert any(
        "sagemaker:CreateModel answered what the service never would" in line and "Extra" in line for line in problems.listed()
    )
    asked.answer = {"status": 400, "body": {"__type": "ValidationException", "message": "Cannot create already existing model"}}
    assert ask("CreateModel", GOOD_MODEL) == (400, "ValidationException", "Cannot create already existing model")


@pytest.mark.parametrize(
    ("operation", "body", "resource"),
    [
        ("CreateTrainingJob", {"TrainingJobName": "J-1"}, "training-job/j-1"),
        ("StopHyperParameterTuningJob", {"HyperParameterTuningJobName": "h"}, "hyper-parameter-tuning-job/h"),
        ("DescribeTransformJob", {"TransformJobName": "t"}, "transform-job/t"),
        ("CreateModel", {"ModelName": "Mm"}, "model/mm"),
        ("DeleteEndpointConfig", {"EndpointConfigName": "c"}, "endpoint-config/c"),
        ("UpdateEndpoint", {"EndpointName": "e", "EndpointConfigName": "c"}, "endpoint/e"),
        ("UpdateEndpointWeightsAndCapacities", {"EndpointName": "e"}, "endpoint/e"),
        ("CreateModelPackageGroup", {"ModelPackageGroupName": "g"}, "model-package-group/g"),
        ("CreateModelPackage", {"ModelPackageGroupName": "G"}, "model-package/g/*"),
        (
            "UpdateModelPackage",
            {"ModelPackageArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package/g/2"},
            "model-package/g/2",
        ),
    ],
)
def test_a_call_is_checked_against_the_resource_it_names(operation, body, resource):
    assert sagemaker_front.resource_arn(operation, body) == f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:{resource}"


def test_calls_without_a_resource_are_checked_against_all():
    assert sagemaker_front.resource_arn("ListModels", {}) == "*"
    assert sagemaker_front.resource_arn("AddTags", {"ResourceArn": "arn:x"}) == "arn:x"
