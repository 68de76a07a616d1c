"""Every name of ministack that the emulator uses, with its parameters: ministack promises them to nobody.

A new version that renames one would not fail loudly: a patch would simply patch nothing. So a test holds ministack to this table, and our
sources to it as well. After a change of either, `python private_names.py` says what differs.
"""

import importlib
import inspect

#: Stands for what is no function: a store, a constant, a class.
DATA = None

NAMES = {
    "ministack.app": {
        "SERVICE_HANDLERS": DATA,
        "_port_is_bindable": "host, port",
        "_routing_params": "method, path, headers, body, query_params",
        "app": "scope, receive, send",
        "main": "",
    },
    "ministack.core.iam_actions": {
        "SERVICE_TO_IAM_NAMESPACE": DATA,
        "access_denied_response": "service, action, principal_arn, request_id, error_code, message, headers, resource_arn, explicit_deny, resource_policy_arn",
        "extract_iam_action": "service, method, path, headers, body, query_params",
        "extract_resource_arn": "service, method, path, headers, body, query_params, region, account_id",
    },
    "ministack.core.iam_evaluator": {
        "EvalContext": DATA,
        "EvalResult": DATA,
        "_POLICY_REQUIRED": DATA,
        "_RESOURCE_POLICY_LOOKUPS": DATA,
        "_gather_role_policies": "role_name, account_id",
        "_names_condition_key": "policies, prefix",
        "_permissions_boundary": "store, name, account_id",
        "_service_principal_matches": "principal, service",
        "combine_resource_policy": "identity, ctx, policy, owner_account, required, limits",
        "evaluate": "ctx, policies, limits",
        "evaluate_resource_policy": "doc, ctx, service, named_only, direct_only",
        "json": DATA,
        "parse_policy_document": "doc",
        "pin_request_origin": "source_ip, secure_transport",
    },
    "ministack.core.responses": {
        "error_response_json": "code, message, status, extra, message_key, content_type",
        "get_account_id": "",
        "get_region": "",
        "json_response": "data, status, content_type",
        "new_uuid": "",
    },
    "ministack.core.router": {
        "SERVICE_PATTERNS": DATA,
        "extract_access_key_id": "headers, query_params",
    },
    "ministack.services.cloudformation": {
        "_stacks": DATA,
    },
    "ministack.services.cloudformation.provisioners": {
        "_RESOURCE_HANDLERS": DATA,
        "_physical_name": "stack_name, logical_id, lowercase, max_len, seeded",
    },
    "ministack.services.cloudformation.stacks": {
        "_add_event": "stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status",
    },
    "ministack.services.cloudwatch": {
        "_alarms": DATA,
        "_composite_alarms": DATA,
        "_delete_alarms": "params, cbor_data, is_cbor, is_json",
        "_dispatch_alarm_actions": "alarm, old_state, new_state, reason",
        "_error": "code, message, status, use_json, use_cbor",
        "_evaluate_alarm": "alarm",
        "_evaluate_all_alarms": "",
        "_evaluate_parent_alarms": "child, seen",
        "_evict_old_metrics": "",
        "_get_metric_data": "params, cbor_data, is_cbor, is_json",
        "_get_metric_statistics": "params, cbor_data, is_cbor, is_json",
        "_is_sns_action_arn": "action",
        "_json_ok": "data",
        "_list_metrics": "params, cbor_data, is_cbor, is_json",
        "_metric_bucket": "key",
        "_parse_ts": "value",
        "_put_composite_alarm": "params, cbor_data, is_cbor, is_json",
        "_put_metric_alarm": "params, cbor_data, is_cbor, is_json",
        "_put_metric_data": "params, cbor_data, is_cbor, is_json",
        "_record_history": "alarm_name, old_state, new_state, reason, alarm_type, reason_data",
        "_resource_tags": DATA,
        "_set_alarm_state": "params, cbor_data, is_cbor, is_json",
        "_transition_composite": "alarm, new_state, reason, triggers, seen",
        "_ts_iso": "epoch",
        "cloudformation_put_metric_alarm": "alarm",
        "cloudformation_set_metric_alarm_tags": "name, tags",
    },
    "ministack.services.cloudwatch_logs": {
        "_log_groups": DATA,
    },
    "ministack.services.dynamodb": {
        "_lock": DATA,
        "_remove_item": "table, pk_val, sk_val",
        "_tables": DATA,
        "_ttl_settings": DATA,
        "_update_ttl": "data",
    },
    "ministack.services.eventbridge": {
        "_cron_next_fire": "fields, after_dt",
        "_dispatch_event": "event, view",
        "_invoke_target": "target, event, rule, view",
        "_parse_cron_fields": "expr",
        "_parse_rate_seconds": "expr",
        "_put_events": "data, allow_aws_source",
        "_rule_last_fired": DATA,
        "_rules": DATA,
        "_tick_scheduled_rules": "",
        "start_scheduler": "",
    },
    "ministack.services.iam": {
        "_roles": DATA,
    },
    "ministack.services.kms": {
        "_resolve_key": "key_id_or_arn",
    },
    "ministack.services.lambda_svc": {
        "_ESM_IDLE_WAKE_GAP_SECONDS": DATA,
        "_emit_lambda_logs": "func, request_id, log_text, error, duration_ms, log_source",
        "_emit_lambda_metrics": "function_name, duration_ms, error, throttle",
        "_esm_backoff_until": DATA,
        "_esm_wake": DATA,
        "_execute_function": "func, event",
        "_execute_function_dispatch": "func, config, event, request_id, started",
        "_functions": DATA,
        "_iter_all_esms": "",
        "_poll_sqs": "",
        "_resolve_layer_zip": "attachment",
        "_run_sqs_batch": "esm, func_rec, event, batch, queue_url, queue_name",
    },
    "ministack.services.s3": {
        "_bucket_default_sse_headers": "bucket_name",
        "_bucket_tags": DATA,
        "_buckets": DATA,
        "_fire_s3_event": "bucket_name, key, event_name, size, etag, deletion_type, restore_event_data, version_id, sequencer, object_extra, record_extra",
        "_object_versions": DATA,
        "_put_object": "bucket_name, key, body, headers",
    },
    "ministack.services.scheduler": {
        "_at_time_epoch": "expr",
        "_schedule_last_fired": DATA,
        "_schedules": DATA,
        "_tick_schedules": "",
        "start_scheduler": "",
    },
    "ministack.services.sns": {
        "_fanout": "topic_arn, msg_id, message, subject, message_structure, message_attributes, message_group_id, message_dedup_id",
        "_topic_by_arn_any_scope": "topic_arn",
        "topic_policy_allows": "topic_arn, service, source_arn, source_account",
    },
    "ministack.services.sqs": {
        "_act_send_message": "data, qurl",
        "_queue_by_arn": "arn",
        "_queue_url": "name",
        "_queues": DATA,
        "queue_policy_allows": "queue_arn, service, source_arn, source_account",
    },
    "ministack.services.ssm": {
        "_parameters": DATA,
    },
    "ministack.services.stepfunctions": {
        "_AWS_SDK_ERROR_PREFIX": DATA,
        "_delete_state_machine": "data",
        "_emit_execution_status_event": "execution",
        "_executions": DATA,
        "_json_type": "value",
        "_jsonata_result_defined": "expression, bindings",
        "_map_runs": DATA,
        "_parse_reader_items": "text, config",
        "_register_sfn_jsonata_functions": "expr",
        "_run_execution": "exec_arn",
        "_start_execution": "data",
        "_state_machines": DATA,
        "_stop_execution": "data",
        "_task_tokens": DATA,
        "get_region": "",
        "new_uuid": "",
        "now_iso": "",
    },
    "ministack.services.sts": {
        "_gen_secret": "",
        "_gen_session_access_key": "",
        "_gen_session_token": "",
        "_role_id": "role_arn",
        "_sessions": DATA,
        "register_session": "access_key, session",
    },
    "ministack.services.tagging": {
        "resource_tags": "arn",
    },
}


def differences():
    """One line for each name that is gone or takes other parameters."""
    return [
        line for module, names in NAMES.items() for name, known in names.items() if (line := _difference(module, name, known))
    ]


def _difference(module, name, known):
    loaded = importlib.import_module(module)
    if not hasattr(loaded, name):
        return f"{module}.{name} is gone"
    found = parameters(getattr(loaded, name))
    return None if found == known else f"{module}.{name} takes ({found}), not ({known})"


def parameters(value):
    """The names of a function's parameters, separated by commas; DATA for what is no function."""
    return ", ".join(inspect.signature(value).parameters) if inspect.isroutine(value) else DATA


if __name__ == "__main__":
    print("\n".join(differences()))
