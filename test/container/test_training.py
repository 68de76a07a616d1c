"""Training as SageMaker calls it: environment in, model folder out, a reason when it fails."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from conftest import CONFIG, CONTAINER, instances, made_rows, training_environment
from modelway_container import serving
from modelway_container.hyperparameters import parse_hyperparameters
from modelway_container.threshold import best_threshold
from sklearn.metrics import roc_auc_score, roc_curve

SCRIPT = "from pathlib import Path\nfrom modelway_container.training import run\nrun(source=Path(__file__).resolve().parent)\n"


def run_script(folder, environment, *arguments):
    source = folder / "source"
    source.mkdir(exist_ok=True)
    (source / "train.py").write_text(SCRIPT)
    return subprocess.run(
        [sys.executable, "train.py", *arguments],
        cwd=source,
        env={**environment, "PYTHONPATH": str(CONTAINER), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_model_folder_holds_everything_that_serving_needs(trained):
    assert {path.name for path in trained.iterdir()} == {
        "model.json",
        "transform.json",
        "leaf_tables.npz",
        "serving.json",
        "environment.json",
        "code",
    }
    environment = json.loads((trained / "environment.json").read_text())
    assert environment["packages"]["numpy"] == np.__version__


def test_the_model_folder_serves_alone(trained, tmp_path):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1] + '/code'); import inference;"
        "model = inference.model_fn(sys.argv[1]); print(inference.transform_fn(model, b'{}', 'application/jsonlines', None)[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(trained)], cwd=tmp_path, env={}, capture_output=True, text=True, check=True
    )
    assert 0 < json.loads(done.stdout)["score"] < 1


def test_the_script_prints_the_metric_of_the_model_it_saves(tmp_path):
    validation = made_rows(800, 32)
    done = run_script(tmp_path, training_environment(tmp_path, made_rows(2000, 31), validation), "--num_round", "15")
    assert done.returncode == 0, done.stderr
    printed = [float(value) for value in re.findall(r"validation-auc:([0-9.]+)", done.stdout)]
    answer, _ = serving.transform_fn(
        serving.model_fn(str(tmp_path / "model")),
        json.dumps({"instances": instances(validation)}),
        "application/json",
        None,
    )
    # Rounded, since rows that fall into the same leaves tie for XGBoost but may differ here in the sixteenth digit.
    found = [round(row["score"], 7) for row in json.loads(answer)["predictions"]]
    assert printed[-1] == pytest.approx(roc_auc_score(validation["late"].to_pylist(), found), abs=1e-4)


@pytest.mark.parametrize(
    ("spoil", "arguments", "reason"),
    [
        (lambda table: None, (), "channel train holds no Parquet file"),
        (lambda table: table.drop_columns(["origin"]), (), "channel train lacks column origin"),
        (lambda table: table.slice(0, 0), (), "0 rows, but target late does not have both values"),
        (lambda table: table, ("--max_dept", "3"), "hyperparameter max_dept is not known; allowed are num_round"),
        (lambda table: table, ("--eta", "fast"), "hyperparameter argument --eta: invalid float value: 'fast'"),
    ],
)
def test_a_failure_leaves_its_reason_and_a_non_zero_exit(tmp_path, spoil, arguments, reason):
    environment = training_environment(tmp_path, spoil(made_rows(300, 51)), made_rows(100, 52))
    done = run_script(tmp_path, environment, *arguments)
    assert done.returncode == 1
    assert reason in (tmp_path / "output" / "failure").read_text()
    assert not (tmp_path / "model" / "serving.json").exists()


def test_the_service_s_own_hyperparameters_are_passed_over():
    found = parse_hyperparameters(["--eta", "0.3", "--sagemaker_program", "train.py"])
    assert found.booster["eta"] == 0.3


def test_the_threshold_is_where_the_roc_curve_is_farthest_from_the_diagonal():
    random = np.random.default_rng(5)
    labels = (random.random(500) < 0.3).astype(np.float32)
    found = np.round(random.random(500) * 0.6 + labels * 0.4, 2)
    false_rate, true_rate, thresholds = roc_curve(labels, found, drop_intermediate=False)
    assert best_threshold(labels, found) == thresholds[np.argmax(true_rate - false_rate)]


def test_a_model_too_deep_for_tables_is_trained_and_explained_by_xgboost(tmp_path):
    config = {**CONFIG, "features": [{"kind": "numeric", "column": name} for name in wide_names()]}
    config["data"] = {"columns": [{"name": name, "kind": "numeric"} for name in wide_names()], "target": "late"}
    environment = training_environment(tmp_path, wide_rows(1), wide_rows(2), config)
    arguments = ("--max_depth", "16", "--min_child_weight", "0", "--num_round", "3")
    done = run_script(tmp_path, environment, *arguments)
    assert done.returncode == 0, done.stderr
    assert "explaining by XGBoost: a path has" in done.stdout
    assert not (tmp_path / "model" / "leaf_tables.npz").exists()
    assert json.loads((tmp_path / "model" / "serving.json").read_text())["explanation"] == "tree_shap_xgboost"


def wide_names():
    return [f"x{number}" for number in range(20)]


def wide_rows(seed):
    import pyarrow

    random = np.random.default_rng(seed)
    values = random.normal(size=(20, 3000))
    late = random.random(3000) < 1 / (1 + np.exp(-values[:8].sum(axis=0)))
    return pyarrow.table({**dict(zip(wide_names(), values)), "late": late})


@pytest.mark.parametrize(("given", "expected"), [({}, "passive"), ({"OMP_WAIT_POLICY": "active"}, "active")])
def test_idle_threads_sleep_unless_somebody_says_otherwise(given, expected):
    script = (
        "import os, sys, modelway_container; before = 'xgboost' in sys.modules; import modelway_container.training;"
        "print(before, os.environ['OMP_WAIT_POLICY'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CONTAINER, env=given, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", expected]
