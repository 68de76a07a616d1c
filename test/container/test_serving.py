"""What callers get from `model_fn` and `transform_fn`: answers, explanations, refusals."""

import json
import shutil
import subprocess
import sys
import types

import numpy as np
import pytest
import xgboost
from conftest import CONTAINER, instances, made_rows
from modelway_container import serving
from modelway_container.refusals import Refused

JSON, LINES = "application/json", "application/jsonlines"


@pytest.fixture(scope="module")
def model(trained):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODELWAY_MODEL_PACKAGE", "arn:aws:sagemaker:us-east-1:123456789012:model-package/late-trains/3")
        return serving.model_fn(str(trained))


@pytest.fixture(scope="module")
def rows():
    return instances(made_rows(600, 21))


def ask(model, some_rows, kind=JSON, accept=None):
    if kind == JSON:
        body = json.dumps({"instances": some_rows})
    else:
        body = "".join(json.dumps(row) + "\n" for row in some_rows)
    answer, answer_kind = serving.transform_fn(model, body.encode(), kind, accept)
    if answer_kind == JSON:
        return json.loads(answer)
    return [json.loads(line) for line in answer.splitlines()]


def test_the_answer_has_the_contract_s_shape_and_adds_up(model, rows):
    answer = ask(model, rows[:5])
    assert set(answer) == {"model_package", "explanation", "base_value", "features", "threshold", "predictions"}
    assert answer["model_package"].endswith("late-trains/3")
    assert answer["explanation"] == "tree_shap_table"
    assert answer["features"] == ["scheduled.hour", "scheduled.weekday", "origin", "distance", "earlier", "weekend"]
    for row in answer["predictions"]:
        assert len(row["shap"]) == 6
        margin = answer["base_value"] + sum(row["shap"])
        assert row["score"] == pytest.approx(1 / (1 + np.exp(-margin)), abs=1e-12)
        assert row["label"] == int(row["score"] >= answer["threshold"])


def test_scores_and_contributions_are_those_of_the_saved_xgboost_model(trained, model, rows):
    booster = xgboost.Booster()
    booster.load_model(trained / "model.json")
    data = xgboost.DMatrix(
        model.transform.rows_matrix(rows),
        feature_names=model.transform.feature_names,
        feature_types=model.transform.feature_types,
        enable_categorical=True,
    )
    answer = ask(model, rows)
    found = [row["score"] for row in answer["predictions"]]
    assert np.abs(booster.predict(data) - found).max() <= 1e-6
    shap = np.array([row["shap"] for row in answer["predictions"]])
    assert np.abs(booster.predict(data, pred_contribs=True)[:, :-1] - shap).max() <= 1e-5


def test_batch_lines_single_rows_and_one_request_predict_the_same(model, rows):
    together = ask(model, rows)
    lines = ask(model, rows, LINES)
    single = [ask(model, [row]) for row in rows]
    assert [{**row, "base_value": together["base_value"]} for row in together["predictions"]] == lines
    assert [answer["predictions"][0] for answer in single] == together["predictions"]


def test_missing_unseen_and_extreme_values_are_answered(model):
    odd = [
        {},
        {"origin": "NEW", "distance": 1e308},
        {"distance": -1e308, "earlier": None, "scheduled": "9999-12-31T23:59:59Z"},
    ]
    for row in ask(model, odd)["predictions"]:
        assert 0 < row["score"] < 1 and np.isfinite(row["shap"]).all()


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        (b"{", JSON, 400, "the body is not JSON"),
        (b"\xff", JSON, 400, "not UTF-8"),
        (b"[]", JSON, 400, '{"instances": [...]}'),
        (b'{"instances": []}', JSON, 400, "no rows"),
        (b'{"instances": [7]}', JSON, 400, "row 1: expected an object of column values, got int"),
        (b'{"instances": [{"distance": NaN}]}', JSON, 400, "NaN is not JSON"),
        (
            b'{"instances": [{"distance": "far"}]}',
            JSON,
            400,
            "row 1, column distance: expected a number or null, got 'far'",
        ),
        (b'{"instances": [{}, {"orgin": "ATL"}]}', JSON, 400, "row 2, column orgin: not known"),
        (b"{}\n{]\n", LINES, 400, "line 2 is not JSON"),
        (b"", LINES, 400, "no rows"),
        (b"[" * 100_000, JSON, 400, "nested too deeply"),
        (b"1,2", "text/csv", 415, "unsupported content type text/csv: send application/json"),
    ],
)
def test_bad_input_is_refused_with_a_status_and_the_change_to_make(model, body, kind, status, said):
    with pytest.raises(Refused) as refused:
        serving.transform_fn(model, body, kind, None)
    assert refused.value.status == status
    assert said in str(refused.value)


def test_a_kind_of_answer_that_cannot_be_given_is_refused(model, rows):
    with pytest.raises(Refused) as refused:
        ask(model, rows[:1], accept="text/html")
    assert refused.value.status == 406


def test_the_image_s_own_response_carries_the_status(model, monkeypatch):
    class Response:
        def __init__(self, text, status, mimetype):
            self.text, self.status, self.mimetype = text, status, mimetype

    monkeypatch.setitem(sys.modules, "flask", types.SimpleNamespace(Response=Response))
    response = serving.transform_fn(model, b"1,2", "text/csv", None)
    assert (response.status, response.mimetype) == (415, "text/plain")


def test_a_request_may_arrive_as_text_and_with_a_charset(model, rows):
    body = json.dumps({"instances": rows[:1]})
    answer, kind = serving.transform_fn(model, body, "application/json; charset=utf-8", "*/*")
    assert kind == JSON and len(json.loads(answer)["predictions"]) == 1


def test_the_mean_score_is_logged_only_where_asked_for_and_is_no_metric(model, rows, capsys, monkeypatch):
    ask(model, rows[:2])
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("MODELWAY_EMIT", "1")
    monkeypatch.setenv("MODELWAY_MODEL", "late-trains")
    answer = ask(model, rows[:2])
    line = json.loads(capsys.readouterr().out)
    scores = [row["score"] for row in answer["predictions"]]
    assert line == {"model": "late-trains", "predictions": 2, "meanScore": pytest.approx(np.mean(scores))}


def test_without_leaf_tables_xgboost_explains_the_same_values(trained, tmp_path, model, rows):
    folder = shutil.copytree(trained, tmp_path / "model")
    (folder / "leaf_tables.npz").unlink()
    slow = ask(serving.model_fn(str(folder)), rows[:50])
    fast = ask(model, rows[:50])
    assert slow["explanation"] == "tree_shap_xgboost"
    for one, other in zip(slow["predictions"], fast["predictions"]):
        assert one["shap"] == pytest.approx(other["shap"], abs=1e-5)
        assert one["score"] == pytest.approx(other["score"], abs=1e-6)


def test_serving_loads_neither_xgboost_nor_pyarrow(trained):
    script = (
        "import sys; from modelway_container.serving import model_fn; model_fn(sys.argv[1]);"
        "print([name for name in ('xgboost', 'pyarrow', 'scipy', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(trained)], cwd=CONTAINER, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
