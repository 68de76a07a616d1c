"""Exact SHAP values of every row: from leaf tables where the model has them, else from XGBoost's own contributions."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from . import leaf_tables
from .leaf_tables import LeafTables
from .transform import Transform

MODEL_FILE = "model.json"


class Explainer(Protocol):
    """`name` is the contract's word for the method; `explain` gives the base value and one SHAP value per feature and row."""

    @property
    def name(self) -> str: ...

    def explain(self, matrix: np.ndarray) -> tuple[float, np.ndarray]: ...


@dataclass(frozen=True)
class TableExplainer:
    tables: LeafTables
    name: str = "tree_shap_table"

    def explain(self, matrix: np.ndarray) -> tuple[float, np.ndarray]:
        return self.tables.base_value, self.tables.contributions(matrix)


@dataclass(frozen=True)
class XgboostExplainer:
    booster: Any
    transform: Transform
    name: str = "tree_shap_xgboost"

    def explain(self, matrix: np.ndarray) -> tuple[float, np.ndarray]:
        contributions = xgboost_contributions(self.booster, self.transform, matrix)
        return float(contributions[0, -1]), contributions[:, :-1]


def load_explainer(folder: Path, transform: Transform) -> Explainer:
    """The explainer of a model folder. XGBoost is imported only when the model has no leaf tables."""
    if (folder / leaf_tables.FILE_NAME).exists():
        return TableExplainer(leaf_tables.load_leaf_tables(folder))
    import xgboost

    booster = xgboost.Booster()
    booster.load_model(os.fspath(folder / MODEL_FILE))
    # One request, one thread: more threads cost more processor time than they save.
    booster.set_param({"nthread": 1, "device": "cpu"})
    return XgboostExplainer(booster, transform)


def xgboost_contributions(booster: Any, transform: Transform, matrix: np.ndarray) -> np.ndarray:
    """XGBoost's own SHAP values, float64; the last column is the base value."""
    import xgboost

    data = xgboost.DMatrix(
        matrix, feature_names=transform.feature_names, feature_types=transform.feature_types, enable_categorical=True
    )
    return booster.predict(data, pred_contribs=True).astype(np.float64)


def scores(base_value: float, contributions: np.ndarray) -> np.ndarray:
    """Probabilities: the logistic function of base value plus contributions; needs no second prediction."""
    return 1.0 / (1.0 + np.exp(-(base_value + contributions.sum(axis=1))))
