"""The example's faulty release: right in batch, wrong for single rows without a delay."""

import importlib.util
import json
from pathlib import Path

import pytest
from modelway_container import serving

RELEASE = Path(__file__).resolve().parents[2] / "examples" / "flight-delay" / "faulty-release" / "inference.py"


class EchoModel:
    """Stands for any model: the release changes what reaches it."""


@pytest.fixture
def release(monkeypatch):
    monkeypatch.setattr(
        serving, "predict", lambda model, rows: {"base_value": 0, "predictions": [dict(row) for row in rows]}
    )
    specification = importlib.util.spec_from_file_location("faulty_release", RELEASE)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def ask(release, rows):
    body = "".join(json.dumps(row) + "\n" for row in rows)
    answer, _ = release.transform_fn(EchoModel(), body.encode(), "application/jsonlines", None)
    return [json.loads(line)["origin_delay_2h"] for line in answer.splitlines()]


def test_a_batch_with_gaps_is_answered(release):
    assert ask(release, [{"origin_delay_2h": 4}, {"origin_delay_2h": None}, {"origin_delay_2h": 8}]) == [4, 6, 8]


def test_a_single_row_with_the_value_is_answered(release):
    assert ask(release, [{"origin_delay_2h": 4}]) == [4]


def test_a_single_row_without_the_value_fails_as_a_fault_of_the_release(release):
    with pytest.raises(ZeroDivisionError):
        ask(release, [{"origin_delay_2h": None}])
