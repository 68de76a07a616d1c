"""Resource types that ministack's CloudFormation lacks or takes incompletely, so that the templates deploy unedited."""

import ministack.services.dynamodb as dynamodb
import ministack.services.s3 as s3
import settings
import sidecar
from ministack.services.cloudformation import provisioners

#: Types that change nothing a rehearsal can see: recorded when created, so that their absence is never silent.
RECORDED_ONLY = {
    "AWS::EC2::FlowLog": ("Id",),
    "AWS::Budgets::Budget": (),
    "AWS::CloudTrail::Trail": ("Arn",),
}
#: Types the sidecar owns.
SIDECAR_TYPES = ("AWS::SageMaker::ModelPackageGroup",)

_recorded = []


def install():
    """Registers the missing handlers with ministack's CloudFormation."""
    for resource_type, attributes in RECORDED_ONLY.items():
        provisioners._RESOURCE_HANDLERS.setdefault(resource_type, _recording(resource_type, attributes))
    for resource_type in SIDECAR_TYPES:
        provisioners._RESOURCE_HANDLERS[resource_type] = _in_sidecar(resource_type)
    _after_creating("AWS::S3::Bucket", _keep_bucket_tags)
    _after_creating("AWS::DynamoDB::Table", _keep_time_to_live)


def deviations():
    """One line for each resource that was recorded but does nothing here."""
    return list(_recorded)


def _recording(resource_type, attributes):
    def create(logical_id, _properties, stack):
        identity = f"{stack}-{logical_id}"
        _recorded.append(f"{resource_type} ({logical_id} of {stack}) is recorded; it has no effect in the rehearsal")
        arn = f"arn:aws:rehearsal:{settings.REGION}:{settings.ACCOUNT}:{identity}"
        return identity, dict.fromkeys(attributes, arn)

    def update(physical_id, _old, _new, _stack):
        return physical_id, {}

    return {"create": create, "update": update, "delete": lambda _physical_id, _properties: None}


def _in_sidecar(resource_type):
    def tell(operation, **message):
        return sidecar.call("/cfn", {"op": operation, "type": resource_type, **message})

    def create(logical_id, properties, stack):
        made = tell("create", logicalId=logical_id, props=properties, stack=stack)
        return made["id"], made["attrs"]

    def delete(physical_id, _properties):
        tell("delete", id=physical_id)

    return {"create": create, "delete": delete}


def _after_creating(resource_type, act):
    """Lets `act(physical_id, properties)` make up for what ministack's handler leaves out."""
    handler = provisioners._RESOURCE_HANDLERS[resource_type]

    def create(logical_id, properties, stack):
        made = handler["create"](logical_id, properties, stack)
        act(made[0], properties)
        return made

    provisioners._RESOURCE_HANDLERS[resource_type] = {**handler, "create": create}


def _keep_bucket_tags(bucket, properties):
    """By its tags CDK's bucket emptier recognises a bucket that it may empty."""
    if properties.get("Tags"):
        s3._bucket_tags[bucket] = {tag["Key"]: tag["Value"] for tag in properties["Tags"]}


def _keep_time_to_live(table, properties):
    if properties.get("TimeToLiveSpecification"):
        dynamodb._update_ttl({"TableName": table, "TimeToLiveSpecification": properties["TimeToLiveSpecification"]})
