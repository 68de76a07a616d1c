"""A trained XGBoost model (its JSON form) as the paths to its leaves, over the bins its splits tell apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


class Unsupported(Exception):
    """This model cannot be explained by leaf tables; XGBoost's own contributions can."""


@dataclass(frozen=True)
class Bins:
    """All that a model sees of one feature: the bin of a value. The last bin is the missing value.

    Numbers: bin i holds t[i-1] <= x < t[i]. Categories: bin i is code i, and one more bin holds every larger code.
    """

    is_category: bool
    thresholds: np.ndarray
    count: int

    def of(self, values: np.ndarray) -> np.ndarray:
        """The bin of each float32 value."""
        if self.is_category:
            bins = np.minimum(np.nan_to_num(values, nan=0.0), self.count - 2).astype(np.int64)
        else:
            bins = np.searchsorted(self.thresholds, values, side="right")
        return np.where(np.isnan(values), self.count - 1, bins)


@dataclass(frozen=True)
class Condition:
    """What a path asks of one feature: the bins that stay on it, and the share of the training weight that does."""

    passes: np.ndarray
    share: float


Path = Mapping[int, Condition]


@dataclass(frozen=True)
class Leaf:
    value: float
    path: Path


@dataclass(frozen=True)
class Tree:
    """One tree; `subtree(node)` gives the leaves below a node, `children(node)` is empty for a leaf."""

    raw: Mapping[str, Any]
    bins: tuple[Bins, ...]

    def children(self, node: int) -> tuple[int, ...]:
        left = self.raw["left_children"][node]
        return () if left == -1 else (left, self.raw["right_children"][node])

    def leaves(self, node: int = 0, path: Path | None = None) -> Iterator[tuple[int, Leaf]]:
        """Every leaf below `node` with its number, given the path that led to `node`."""
        path = path or {}
        children = self.children(node)
        if not children:
            yield node, Leaf(float(np.float32(self.raw["split_conditions"][node])), path)
            return
        feature = self.raw["split_indices"][node]
        goes_right = self._goes_right(node, self.bins[feature])
        for child, passes in zip(children, (~goes_right, goes_right)):
            share = self.raw["sum_hessian"][child] / self.raw["sum_hessian"][node]
            before = path.get(feature)
            merged = (
                Condition(passes, share) if before is None else Condition(before.passes & passes, before.share * share)
            )
            yield from self.leaves(child, {**path, feature: merged})

    def _goes_right(self, node: int, bins: Bins) -> np.ndarray:
        goes_right = np.zeros(bins.count, bool)
        if self.raw["split_type"][node] == 1:
            goes_right[_categories(self.raw, node)] = True
        else:
            threshold = np.float32(self.raw["split_conditions"][node])
            goes_right[np.searchsorted(bins.thresholds, threshold) + 1 :] = True
        goes_right[-1] = not self.raw["default_left"][node]
        return goes_right


@dataclass(frozen=True)
class Forest:
    """A single-output model of trees; `base_margin` is the log-odds before any tree."""

    trees: tuple[Tree, ...]
    bins: tuple[Bins, ...]
    base_margin: float


def read_forest(model: Mapping[str, Any]) -> Forest:
    """Reads XGBoost's JSON. @raises Unsupported for what leaf tables cannot explain"""
    learner = model["learner"]
    booster, parameters = learner["gradient_booster"], learner["learner_model_param"]
    if booster["name"] != "gbtree":
        raise Unsupported(f"booster {booster['name']}")
    if learner["objective"]["name"] != "binary:logistic":
        raise Unsupported(f"objective {learner['objective']['name']}")
    raw_trees = booster["model"]["trees"]
    bins = _bins(raw_trees, learner.get("feature_types") or ["float"] * int(parameters["num_feature"]))
    # From 3.1 on XGBoost writes the base score as a list of one.
    base_score = float(parameters["base_score"].strip("[]"))
    return Forest(tuple(Tree(raw, bins) for raw in raw_trees), bins, math.log(base_score / (1 - base_score)))


def _bins(raw_trees: list[Mapping[str, Any]], feature_types: list[str]) -> tuple[Bins, ...]:
    thresholds: list[set[np.float32]] = [set() for _ in feature_types]
    codes = [0] * len(feature_types)
    for raw in raw_trees:
        for node, left in enumerate(raw["left_children"]):
            feature = raw["split_indices"][node]
            if left == -1:
                continue
            if raw["split_type"][node] == 1:
                codes[feature] = max([codes[feature], *(code + 1 for code in _categories(raw, node))])
            else:
                thresholds[feature].add(np.float32(raw["split_conditions"][node]))
    return tuple(
        Bins(True, np.zeros(0, np.float32), codes[index] + 2)
        if kind == "c"
        else Bins(False, np.array(sorted(thresholds[index]), np.float32), len(thresholds[index]) + 2)
        for index, kind in enumerate(feature_types)
    )


def _categories(raw: Mapping[str, Any], node: int) -> list[int]:
    place = raw["categories_nodes"].index(node)
    start = raw["categories_segments"][place]
    return raw["categories"][start : start + raw["categories_sizes"][place]]
