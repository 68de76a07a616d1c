"""The serving contract of SageMaker's ready-made images: `model_fn` loads a model folder, `transform_fn` answers a request."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .explain import Explainer, load_explainer, scores
from .refusals import Refused
from .transform import Transform, load_transform
from .wire import answer_kind, read_request, write_answer

FILE_NAME = "serving.json"


@dataclass(frozen=True)
class ServedModel:
    """All a request needs, loaded once. `package` is the model package ARN every answer carries."""

    transform: Transform
    explainer: Explainer
    threshold: float
    package: str


def model_fn(model_dir: str) -> ServedModel:
    """Loads the model folder that training wrote."""
    folder = Path(model_dir)
    settings = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    transform = load_transform(folder)
    package = os.environ.get("MODELWAY_MODEL_PACKAGE", "unknown")
    return ServedModel(transform, load_explainer(folder, transform), settings["threshold"], package)


def transform_fn(model: ServedModel, body: bytes | str, content_type: str, accept: str | None) -> Any:
    """Answers one request: (body, content type), or the image's own refusal with status 400, 406 or 415."""
    try:
        kind = answer_kind(accept, content_type)
        rows = read_request(body, content_type)
        answer = predict(model, rows)
    except Refused as refusal:
        return _refusal(refusal)
    _emit(answer)
    return write_answer(answer, kind), kind


def predict(model: ServedModel, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The answer to some rows, in the shape of `PredictionResponseSchema`."""
    base_value, contributions = model.explainer.explain(model.transform.rows_matrix(rows))
    probabilities = scores(base_value, contributions)
    return {
        "model_package": model.package,
        "explanation": model.explainer.name,
        "base_value": base_value,
        "features": model.transform.feature_names,
        "threshold": model.threshold,
        "predictions": [
            {"score": score, "label": label, "shap": shap}
            for score, label, shap in zip(
                probabilities.tolist(),
                (probabilities >= model.threshold).astype(np.int64).tolist(),
                contributions.tolist(),
            )
        ],
    }


def _refusal(refusal: Refused) -> Any:
    # The ready-made image turns every exception into a 500, which would count against a canary; it serves with Flask, whose
    # own response keeps the status. Without Flask the caller of transform_fn gets the error and its status.
    try:
        from flask import Response
    except ImportError:
        raise refusal from None
    return Response(str(refusal), status=refusal.status, mimetype="text/plain")


def _emit(answer: Mapping[str, Any]) -> None:
    """Prints the request's mean score as a line of JSON, when the endpoint asks for it with MODELWAY_EMIT=1.

    A plain field to search the log by, and no embedded metric: one each for millions of requests would be charged, and the
    profile of the captured predictions says more.
    """
    if os.environ.get("MODELWAY_EMIT") != "1":
        return
    answered = [row["score"] for row in answer["predictions"]]
    line = {
        "model": os.environ.get("MODELWAY_MODEL", "unknown"),
        "predictions": len(answered),
        "meanScore": sum(answered) / len(answered),
    }
    print(json.dumps(line), flush=True)
