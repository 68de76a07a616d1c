"""The same inputs give the same bytes, in processes of their own; what changed is what differs."""

import hashlib
import json
import socket

import pytest
from conftest import CONFIG, made_rows, training_environment
from test_training import run_script

ARGUMENTS = ("--num_round", "10", "--subsample", "0.8", "--colsample_bytree", "0.8", "--max_depth", "5")


# Three threads on fewer processors: the order in which threads end must not matter.
THREADS = "3"


def trained_in(folder, rows=41, config=CONFIG, hash_seed="0"):
    """SHA-256 of every file that a training process of its own leaves."""
    environment = training_environment(folder, made_rows(5000, rows), made_rows(1000, 42), config)
    done = run_script(folder, {**environment, "SM_NUM_CPUS": THREADS, "PYTHONHASHSEED": hash_seed}, *ARGUMENTS)
    assert done.returncode == 0, done.stderr
    model = folder / "model"
    return {
        str(path.relative_to(model)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(model.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return trained_in(tmp_path_factory.mktemp("first"))


def test_training_twice_gives_every_file_byte_for_byte(first, tmp_path):
    assert trained_in(tmp_path, hash_seed="1") == first
    assert {"model.json", "transform.json", "leaf_tables.npz", "serving.json", "environment.json"} <= first.keys()
    assert any(name.startswith("code/") for name in first)


@pytest.mark.parametrize("changed", [{"config": {**CONFIG, "seed": 8}}, {"rows": 43}])
def test_another_seed_or_other_rows_give_another_model_in_the_same_environment(first, tmp_path, changed):
    other = trained_in(tmp_path, **changed)
    assert other["model.json"] != first["model.json"]
    assert other["environment.json"] == first["environment.json"]


def test_the_environment_says_what_bytes_depend_on_and_nothing_of_time_or_host(trained):
    text = (trained / "environment.json").read_text()
    environment = json.loads(text)
    assert environment.keys() == {"python", "implementation", "platform", "libc", "threads", "packages"}
    assert environment["threads"]["SM_NUM_CPUS"] == "1"
    assert list(environment["packages"]) == sorted(environment["packages"])
    assert "xgboost" in " ".join(environment["packages"])
    assert socket.gethostname() not in text
