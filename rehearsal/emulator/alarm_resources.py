"""Which alarms a CloudWatch request names, so that rights scoped to alarms are checked as IAM does."""

import json
import urllib.parse

import ministack.core.iam_actions as iam_actions


def install():
    """Lets requests in JSON, and those that name several alarms, be checked against the alarms they name."""
    resource_of = iam_actions.extract_resource_arn

    def extract_resource_arn(service, method, path, headers, body, query_params, region, account):
        if service == "monitoring":
            names = named_alarms(headers.get("content-type", ""), body)
            if names:
                # The evaluator takes one resource; machines name alarms of one model, under one prefix.
                return f"arn:aws:cloudwatch:{region}:{account}:alarm:{names[0]}"
        return resource_of(service, method, path, headers, body, query_params, region, account)

    iam_actions.extract_resource_arn = extract_resource_arn


def named_alarms(content_type, body):
    """The alarm names in a request's body, whatever its protocol; none when it names no alarm."""
    try:
        request = _decoded(content_type, body or b"")
    except ValueError:
        # A body that cannot be read is refused by the service; until then it names nothing.
        return []
    if not isinstance(request, dict):
        return []
    names = request.get("AlarmNames") or [request.get("AlarmName")]
    return [name for name in names if isinstance(name, str)]


def _decoded(content_type, body):
    if "json" in content_type:
        return json.loads(body)
    form = urllib.parse.parse_qs(body.decode())
    members = [values[0] for key, values in sorted(form.items()) if key.startswith("AlarmNames.member.")]
    return {"AlarmNames": members, "AlarmName": form.get("AlarmName", [None])[0]}
