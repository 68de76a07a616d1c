"""The one feature transform against scikit-learn, and against itself on every route."""

import json

import numpy as np
import pyarrow
import pytest
from conftest import CONFIG, FEATURES, instances, made_rows
from modelway_container.fitting import fit_transform
from modelway_container.refusals import Refused
from modelway_container.transform import Transform, load_transform, transform_from
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OrdinalEncoder, StandardScaler

KNOWN = [column["name"] for column in CONFIG["data"]["columns"]]
VALUES = np.array([3.0, np.nan, -7.5, 1e6, 0.25, np.nan, 12.0, 3.0])
CLIP = FunctionTransformer(lambda values: np.clip(values, -5, 100))
IMPUTERS = {
    "none": FunctionTransformer(),
    "median": SimpleImputer(strategy="median"),
    "mean": SimpleImputer(strategy="mean"),
    "zero": SimpleImputer(strategy="constant", fill_value=0.0),
}
SCALERS = {"none": FunctionTransformer(), "standard": StandardScaler(), "min-max": MinMaxScaler()}


def fitted(feature, values):
    return fit_transform([{"column": "x", **feature}], {"x": values}, ["x"])


@pytest.mark.parametrize("impute", IMPUTERS)
@pytest.mark.parametrize("scale", SCALERS)
@pytest.mark.parametrize("clipped", [False, True])
def test_numbers_are_clipped_imputed_and_scaled_as_scikit_learn_does(impute, scale, clipped):
    feature = {"kind": "numeric", "impute": impute, "scale": scale, **({"clip": [-5, 100]} if clipped else {})}
    oracle = make_pipeline(CLIP if clipped else FunctionTransformer(), IMPUTERS[impute], SCALERS[scale])
    expected = oracle.fit_transform(VALUES[:, None])[:, 0].astype(np.float32)
    ours = fitted(feature, VALUES).matrix({"x": VALUES}, len(VALUES))[:, 0]
    np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-7)


def test_categories_get_the_codes_of_an_ordinal_encoder_and_unseen_ones_are_missing():
    seen, new = ["b", "a", "c", "a", None], ["c", "z", None, "a", ""]
    oracle = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    oracle.fit(np.array([[value] for value in seen if value is not None], object))
    expected = [np.nan if value is None else oracle.transform(np.array([[value]], object))[0, 0] for value in new]
    ours = fitted({"kind": "category"}, seen).matrix({"x": new}, len(new))[:, 0]
    np.testing.assert_array_equal(ours, np.array(expected, np.float32))


def test_a_whole_transform_equals_a_column_transformer():
    table = made_rows(3000, 3)
    features = [FEATURES[2], FEATURES[3], FEATURES[4]]
    columns = {name: table.column(name) for name in table.column_names}
    raw = np.column_stack(
        [np.array(table["origin"].to_pylist(), object), table["distance"].to_numpy(), table["earlier"].to_numpy()]
    )
    clip = FunctionTransformer(lambda values: np.clip(values.astype(float), 0, 3000))
    oracle = ColumnTransformer(
        [
            ("origin", OrdinalEncoder(), [0]),
            ("distance", make_pipeline(clip, SimpleImputer(strategy="median"), StandardScaler()), [1]),
            ("earlier", FunctionTransformer(lambda values: values.astype(float)), [2]),
        ]
    )
    expected = oracle.fit_transform(raw).astype(np.float32)
    ours = fit_transform(features, columns, KNOWN).matrix(columns, table.num_rows)
    np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-7)


def test_hour_and_weekday_are_those_of_the_calendar():
    times = ["2001-01-01T00:00:00Z", "2001-01-07T23:59:59Z", "1969-12-31T22:00:00Z", None]
    transform = fit_transform(
        [{"kind": "hour", "column": "x"}, {"kind": "weekday", "column": "x"}], {"x": times}, ["x"]
    )
    # Monday is 0: 2001-01-01 was a Monday, 2001-01-07 a Sunday, 1969-12-31 a Wednesday.
    np.testing.assert_array_equal(transform.matrix({"x": times}, 4), np.array([[0, 0], [23, 6], [22, 2], [np.nan] * 2]))
    assert transform.feature_names == ["x.hour", "x.weekday"]


@pytest.fixture(scope="module")
def flights():
    table = made_rows(2000, 4)
    columns = {name: table.column(name) for name in table.column_names}
    return table, columns, fit_transform(FEATURES, columns, KNOWN)


def test_columns_rows_single_rows_and_a_reloaded_transform_give_equal_bytes(flights, tmp_path):
    table, columns, transform = flights
    rows = instances(table)
    matrix = transform.matrix(columns, table.num_rows)
    transform.save(tmp_path)
    assert matrix.dtype == np.float32 and matrix.flags["C_CONTIGUOUS"]
    assert transform.rows_matrix(rows).tobytes() == matrix.tobytes()
    assert b"".join(transform.rows_matrix([row]).tobytes() for row in rows) == matrix.tobytes()
    assert load_transform(tmp_path).rows_matrix(rows).tobytes() == matrix.tobytes()
    through_json = json.loads(json.dumps(rows))
    assert transform.rows_matrix(through_json).tobytes() == matrix.tobytes()


def test_a_null_and_an_absent_column_are_the_same(flights):
    _, _, transform = flights
    empty = transform.rows_matrix([{}])
    assert empty.tobytes() == transform.rows_matrix([dict.fromkeys(KNOWN)]).tobytes()
    assert empty.tobytes() == transform.matrix({}, 1).tobytes()


def test_a_column_the_data_does_not_have_is_refused_by_name(flights):
    _, _, transform = flights
    with pytest.raises(Refused, match="row 2, column orgin: not known; known are scheduled, origin"):
        transform.rows_matrix([{"origin": "ATL"}, {"orgin": "ATL"}])


@pytest.mark.parametrize("scale", ["none", "standard", "min-max"])
def test_extreme_numbers_stay_finite(scale):
    transform = fitted({"kind": "numeric", "scale": scale}, np.array([0.0, 1.0]))
    matrix = transform.matrix({"x": [1e308, -1e308, 5e-324, -0.0]}, 4)
    assert np.isfinite(matrix).all()


def test_a_constant_or_empty_column_is_fitted_without_dividing_by_zero():
    for values in ([4.0, 4.0], [None, None]):
        for scale in ("standard", "min-max"):
            for impute in ("none", "mean", "median", "zero"):
                transform = fitted({"kind": "numeric", "scale": scale, "impute": impute}, values)
                assert not np.isinf(transform.matrix({"x": [4.0, 9.0, None]}, 3)).any()


def test_only_the_most_frequent_categories_are_kept():
    values = ["a"] * 3 + ["b"] * 2 + ["c"] * 2 + ["d"]
    document = fitted({"kind": "category", "maxValues": 2}, values).document()
    assert document["features"][0]["values"] == ("a", "b")


def test_the_document_round_trips_and_reads_well(flights):
    _, _, transform = flights
    document = json.loads(json.dumps(transform.document()))
    again = transform_from(document)
    assert isinstance(again, Transform)
    assert again.steps == transform.steps
    assert [each["name"] for each in document["features"]] == [
        "scheduled.hour",
        "scheduled.weekday",
        "origin",
        "distance",
        "earlier",
        "weekend",
    ]


def test_a_feature_of_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind 'embedding' is not one of"):
        fitted({"kind": "embedding"}, [1])


def test_dictionary_encoded_arrow_text_is_read_as_text():
    array = pyarrow.array(["a", "b", None]).dictionary_encode()
    matrix = fitted({"kind": "category"}, array).matrix({"x": array}, 3)
    np.testing.assert_array_equal(matrix[:, 0], [0, 1, np.nan])
