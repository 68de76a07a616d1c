"""Training as SageMaker calls it: channels in, a self-contained model folder out, the reason in a file when it fails."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import xgboost

from . import explain, serving
from .channels import Channel, read_channel, read_config
from .explain import TableExplainer, xgboost_contributions
from .fitting import fit_transform
from .hyperparameters import Hyperparameters, parse_hyperparameters
from .leaf_tables import build_leaf_tables, save_leaf_tables
from .threshold import best_threshold
from .transform import Transform
from .trees import Unsupported, read_forest

# Leaf tables are served only where they agree with XGBoost's own contributions this well, in log-odds.
TOLERANCE = 1e-5
_CHECKED_ROWS = 1000
# SageMaker shows the first 1024 characters of the failure file as the job's failure reason.
_FAILURE_LENGTH = 1024
# How many threads there are, and how they wait: sums of floating-point numbers depend on how rows are shared out.
_THREAD_SETTINGS = (
    "SM_NUM_CPUS",
    "SM_NUM_GPUS",
    "OMP_NUM_THREADS",
    "OMP_WAIT_POLICY",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)
_NOT_CODE = shutil.ignore_patterns(
    "__pycache__", "*.pyc", "*.egg-info", "build", "setup.py", "setup.cfg", "MANIFEST.in"
)


def run(source: Path, arguments: Sequence[str] | None = None) -> None:
    """Trains and leaves with exit code 1 when that fails; `source` is the folder of the scripts to serve the model with."""
    try:
        train(source, sys.argv[1:] if arguments is None else arguments)
    except Exception as error:
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}"[:_FAILURE_LENGTH]
        folder = Path(os.environ["SM_OUTPUT_DIR"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "failure").write_text(reason, encoding="utf-8")
        sys.exit(1)


def train(source: Path, arguments: Sequence[str]) -> None:
    """Reads the SM_* environment, trains, and writes the model folder."""
    hyperparameters = parse_hyperparameters(arguments)
    config = read_config(Path(os.environ["SM_CHANNEL_CONFIG"]))
    training = read_channel(Path(os.environ["SM_CHANNEL_TRAIN"]), config)
    validation = read_channel(Path(os.environ["SM_CHANNEL_VALIDATION"]), config)
    known = [column["name"] for column in config["data"]["columns"]]
    transform = fit_transform(config["features"], training.columns, known)
    training_data = _data(transform, training)
    validation_matrix = transform.matrix(validation.columns, validation.rows)
    booster = _boost(
        hyperparameters, training_data, _matrix_data(transform, validation_matrix, validation.labels), config["seed"]
    )
    folder = Path(os.environ["SM_MODEL_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    booster.save_model(os.fspath(folder / explain.MODEL_FILE))
    transform.save(folder)
    method = _write_explainer(folder, booster, transform, validation_matrix)
    probabilities = booster.predict(_matrix_data(transform, validation_matrix, validation.labels))
    settings = {
        "threshold": best_threshold(validation.labels, probabilities),
        "explanation": method,
        "seed": config["seed"],
    }
    _write_json(folder / serving.FILE_NAME, settings)
    _write_json(folder / "environment.json", _environment())
    _copy_code(source, folder / "code")


def _boost(hyperparameters: Hyperparameters, training: Any, validation: Any, seed: int) -> Any:
    settings = {
        **hyperparameters.booster,
        "objective": "binary:logistic",
        "tree_method": "hist",
        "eval_metric": ["logloss", "auc"],
        "seed": seed,
        "nthread": int(os.environ.get("SM_NUM_CPUS", "1")),
        "device": "cuda" if int(os.environ.get("SM_NUM_GPUS", "0")) > 0 else "cpu",
    }
    booster = xgboost.train(
        settings,
        training,
        hyperparameters.num_round,
        evals=[(validation, "validation")],
        early_stopping_rounds=hyperparameters.early_stopping_rounds,
        verbose_eval=10,
    )
    # The last line that matches the metric's pattern is what SageMaker keeps: it must be of the model that is saved.
    print(f"rounds kept {booster.best_iteration + 1}\tvalidation-auc:{booster.best_score:.6f}", flush=True)
    best = booster[: booster.best_iteration + 1]
    best.set_param({"device": "cpu"})
    return best


def _write_explainer(folder: Path, booster: Any, transform: Transform, matrix: np.ndarray) -> str:
    """Writes leaf tables when they exist for this model and agree with XGBoost; returns the method that will serve."""
    checked = _rows_to_check(transform, matrix)
    try:
        tables = build_leaf_tables(read_forest(json.loads(bytes(booster.save_raw("json")))))
    except Unsupported as reason:
        print(f"explaining by XGBoost: {reason}", flush=True)
        return "tree_shap_xgboost"
    base_value, found = TableExplainer(tables).explain(checked)
    expected = xgboost_contributions(booster, transform, checked)
    difference = max(float(np.abs(found - expected[:, :-1]).max()), float(np.abs(base_value - expected[:, -1]).max()))
    print(f"leaf tables differ from XGBoost's contributions by at most {difference:.2e}", flush=True)
    if difference > TOLERANCE:
        print(f"explaining by XGBoost: more than {TOLERANCE} apart", flush=True)
        return "tree_shap_xgboost"
    save_leaf_tables(tables, folder)
    return "tree_shap_table"


def _rows_to_check(transform: Transform, matrix: np.ndarray) -> np.ndarray:
    """Rows spread over the validation set, and one with everything missing."""
    spread = matrix[:: max(1, len(matrix) // _CHECKED_ROWS)]
    return np.concatenate([spread, transform.matrix({}, 1)])


def _data(transform: Transform, channel: Channel) -> Any:
    return _matrix_data(transform, transform.matrix(channel.columns, channel.rows), channel.labels)


def _matrix_data(transform: Transform, matrix: np.ndarray, labels: np.ndarray) -> Any:
    return xgboost.DMatrix(
        matrix,
        labels,
        feature_names=transform.feature_names,
        feature_types=transform.feature_types,
        enable_categorical=True,
        nthread=int(os.environ.get("SM_NUM_CPUS", "1")),
    )


def _copy_code(source: Path, target: Path) -> None:
    """The model archive carries its serving code, so that it answers the same wherever and whenever it is loaded."""
    shutil.copytree(source, target, ignore=_NOT_CODE, dirs_exist_ok=True)
    package = Path(__file__).parent
    if not (target / package.name).exists():
        shutil.copytree(package, target / package.name, ignore=_NOT_CODE)


def _environment() -> Mapping[str, Any]:
    """What the model's bytes depend on beside its inputs. No times, hosts or kernels: an equal environment gives equal text."""
    packages = {str(each.metadata["Name"]): str(each.version) for each in metadata.distributions()}
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libc": " ".join(platform.libc_ver()).strip(),
        "threads": {name: os.environ[name] for name in _THREAD_SETTINGS if name in os.environ},
        "packages": dict(sorted(packages.items())),
    }


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
