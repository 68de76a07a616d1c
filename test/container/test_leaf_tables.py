"""Leaf tables against XGBoost's own contributions and against the definition of Shapley values."""

import json
from itertools import combinations
from math import factorial

import numpy as np
import pytest
import xgboost
from modelway_container.explain import TableExplainer, scores
from modelway_container.leaf_tables import build_leaf_tables, load_leaf_tables, save_leaf_tables
from modelway_container.trees import Unsupported, read_forest

TOLERANCE = 1e-5


def boosted(matrix, labels, types, rounds=30, **settings):
    data = xgboost.DMatrix(matrix, labels, feature_types=types, enable_categorical=True)
    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": 5,
        "eta": 0.3,
        "nthread": 1,
        "seed": 1,
    }
    return xgboost.train({**parameters, **settings}, data, rounds)


def contributions(booster, matrix, types):
    return booster.predict(
        xgboost.DMatrix(matrix, feature_types=types, enable_categorical=True), pred_contribs=True
    ).astype(np.float64)


def forest_of(booster):
    return read_forest(json.loads(bytes(booster.save_raw("json"))))


def sample(rows, width, categories, seed, missing=0.15):
    """Features of which the first is a category code when `categories` > 0; labels depend on the first three."""
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(rows, width)).astype(np.float32)
    types = ["float"] * width
    if categories:
        matrix[:, 0] = random.integers(0, categories, rows)
        types[0] = "c"
    signal = (matrix[:, 0] % 3 - 1) + matrix[:, 1] - matrix[:, 2] * matrix[:, 1]
    labels = random.random(rows) < 1 / (1 + np.exp(-signal))
    matrix[random.random(matrix.shape) < missing] = np.nan
    return matrix, labels.astype(np.float32), types


@pytest.mark.parametrize(
    ("width", "categories", "depth"),
    [(3, 0, 2), (6, 0, 6), (6, 40, 6), (16, 12, 5), (17, 12, 5), (40, 0, 6), (5, 200, 9)],
)
def test_contributions_are_those_of_xgboost(width, categories, depth):
    matrix, labels, types = sample(3000, width, categories, seed=width)
    booster = boosted(matrix, labels, types, max_depth=depth)
    expected = contributions(booster, matrix[:400], types)
    base, found = TableExplainer(build_leaf_tables(forest_of(booster))).explain(matrix[:400])
    assert np.abs(found - expected[:, :-1]).max() <= TOLERANCE
    assert abs(base - expected[0, -1]) <= TOLERANCE


def test_values_seen_never_before_and_extremes_are_explained_as_xgboost_does():
    matrix, labels, types = sample(3000, 4, 10, seed=3)
    booster = boosted(matrix, labels, types)
    largest = np.finfo(np.float32).max
    odd = np.array(
        [[np.nan] * 4, [9, largest, -largest, 0], [0, -0.0, 1e-45, np.nan], [10, 0, 0, 0], [5000, 1, 1, 1]], np.float32
    )
    expected = contributions(booster, odd, types)
    found = build_leaf_tables(forest_of(booster)).contributions(odd)
    assert np.abs(found - expected[:, :-1]).max() <= TOLERANCE


def test_a_value_on_a_threshold_goes_the_way_xgboost_sends_it():
    matrix, labels, types = sample(2000, 4, 0, seed=5, missing=0)
    booster = boosted(matrix, labels, types)
    tables = build_leaf_tables(forest_of(booster))
    edges = tables.bins[1].thresholds
    rows = np.zeros((3 * len(edges), 4), np.float32)
    rows[:, 1] = np.concatenate(
        [edges, np.nextafter(edges, np.float32(-np.inf)), np.nextafter(edges, np.float32(np.inf))]
    )
    expected = contributions(booster, rows, types)
    assert np.abs(tables.contributions(rows) - expected[:, :-1]).max() <= TOLERANCE


def test_base_value_and_contributions_add_up_to_the_margin_and_score_is_the_probability():
    matrix, labels, types = sample(3000, 6, 20, seed=8)
    booster = boosted(matrix, labels, types)
    data = xgboost.DMatrix(matrix, feature_types=types, enable_categorical=True)
    base, found = TableExplainer(build_leaf_tables(forest_of(booster))).explain(matrix)
    assert np.abs(base + found.sum(axis=1) - booster.predict(data, output_margin=True)).max() <= TOLERANCE
    assert np.abs(scores(base, found) - booster.predict(data)).max() <= 1e-6


def test_one_row_at_a_time_and_all_together_give_equal_bytes():
    for width in (6, 20):
        matrix, labels, types = sample(3000, width, 20, seed=9)
        tables = build_leaf_tables(forest_of(boosted(matrix, labels, types)))
        together = tables.contributions(matrix[:700])
        one_by_one = np.concatenate([tables.contributions(row[None]) for row in matrix[:700]])
        assert one_by_one.tobytes() == together.tobytes()


def expected_value(tree, node, row, known):
    """Path-dependent expectation: follow a known feature, else average the children by their training weight."""
    left, right = tree["left_children"][node], tree["right_children"][node]
    if left == -1:
        return tree["split_conditions"][node]
    feature = tree["split_indices"][node]
    if feature in known:
        return expected_value(tree, left if row[feature] < tree["split_conditions"][node] else right, row, known)
    weights = tree["sum_hessian"]
    parts = (weights[child] * expected_value(tree, child, row, known) for child in (left, right))
    return sum(parts) / weights[node]


def test_one_tree_has_the_shapley_values_of_their_definition():
    matrix, labels, types = sample(500, 3, 0, seed=11, missing=0)
    booster = boosted(matrix, labels, types, max_depth=4, rounds=1)
    tree = json.loads(bytes(booster.save_raw("json")))["learner"]["gradient_booster"]["model"]["trees"][0]
    found = build_leaf_tables(forest_of(booster)).contributions(matrix[:20])
    for row, values in zip(matrix[:20], found):
        for own in range(3):
            others = [feature for feature in range(3) if feature != own]
            shapley = sum(
                factorial(size)
                * factorial(2 - size)
                / factorial(3)
                * (expected_value(tree, 0, row, {*some, own}) - expected_value(tree, 0, row, set(some)))
                for size in range(3)
                for some in combinations(others, size)
            )
            assert values[own] == pytest.approx(shapley, abs=1e-6)


def test_saved_tables_are_the_same_tables(tmp_path):
    for width in (6, 20):
        matrix, labels, types = sample(2000, width, 20, seed=13)
        tables = build_leaf_tables(forest_of(boosted(matrix, labels, types)))
        save_leaf_tables(tables, tmp_path)
        again = load_leaf_tables(tmp_path)
        assert again.base_value == tables.base_value
        assert again.contributions(matrix).tobytes() == tables.contributions(matrix).tobytes()


def test_the_number_of_cells_changes_the_size_but_not_the_values():
    matrix, labels, types = sample(2000, 6, 20, seed=14)
    forest = forest_of(boosted(matrix, labels, types))
    small, large = build_leaf_tables(forest, cells_per_group=64), build_leaf_tables(forest, cells_per_group=4096)
    assert len(small.offsets) > len(large.offsets)
    np.testing.assert_allclose(small.contributions(matrix), large.contributions(matrix), atol=1e-12)


def test_a_model_that_is_only_a_base_score_is_explained():
    matrix = np.zeros((50, 3), np.float32)
    booster = boosted(matrix, np.array([0, 1] * 25, np.float32), ["float"] * 3)
    tables = build_leaf_tables(forest_of(booster))
    expected = contributions(booster, matrix, ["float"] * 3)
    np.testing.assert_allclose(tables.contributions(matrix), expected[:, :-1], atol=1e-6)
    assert tables.base_value == pytest.approx(expected[0, -1], abs=1e-6)


def test_models_that_tables_cannot_explain_are_said_to_be_unsupported():
    matrix, labels, types = sample(1000, 12, 0, seed=15)
    with pytest.raises(Unsupported, match="booster dart"):
        forest_of(boosted(matrix, labels, types, booster="dart", rounds=2))
    with pytest.raises(Unsupported, match="objective reg:squarederror"):
        forest_of(boosted(matrix, labels, types, objective="reg:squarederror", rounds=2))
    deep = forest_of(boosted(matrix, labels, types, max_depth=10, min_child_weight=0))
    with pytest.raises(Unsupported, match="more than 64 cells can hold"):
        build_leaf_tables(deep, cells_per_group=64)
    with pytest.raises(Unsupported, match="the limit is 0 MiB"):
        build_leaf_tables(deep, cells_per_group=4096, limit=1000)
