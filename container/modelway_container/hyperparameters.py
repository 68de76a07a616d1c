"""Hyperparameters as SageMaker passes them: `--name value` on the command line of the training script."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# XGBoost's own names; an unknown one is refused, since XGBoost would only warn about a misspelling.
_BOOSTER: dict[str, tuple[type, Any]] = {
    "max_depth": (int, 6),
    "eta": (float, 0.1),
    "min_child_weight": (float, 1.0),
    "subsample": (float, 1.0),
    "colsample_bytree": (float, 1.0),
    "gamma": (float, 0.0),
    "lambda": (float, 1.0),
    "alpha": (float, 0.0),
    "max_bin": (int, 256),
    "max_cat_to_onehot": (int, 4),
    "max_cat_threshold": (int, 64),
    "scale_pos_weight": (float, 1.0),
}


@dataclass(frozen=True)
class Hyperparameters:
    num_round: int
    early_stopping_rounds: int
    booster: dict[str, Any]


def parse_hyperparameters(arguments: Sequence[str]) -> Hyperparameters:
    """Reads the command line; names starting with `sagemaker_` are the service's own and are passed over."""
    parser = argparse.ArgumentParser(allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--num_round", type=int, default=200)
    parser.add_argument("--early_stopping_rounds", type=int, default=20)
    for name, (kind, default) in _BOOSTER.items():
        parser.add_argument(f"--{name}", type=kind, default=default)
    try:
        known, others = parser.parse_known_args(list(arguments))
    except argparse.ArgumentError as error:
        raise ValueError(f"hyperparameter {error}") from None
    unknown = [each for each in others if each.startswith("--") and not each.startswith("--sagemaker_")]
    if unknown:
        allowed = ", ".join(["num_round", "early_stopping_rounds", *_BOOSTER])
        raise ValueError(f"hyperparameter {unknown[0][2:]} is not known; allowed are {allowed}")
    values = vars(known)
    return Hyperparameters(
        values.pop("num_round"), values.pop("early_stopping_rounds"), {name: values[name] for name in _BOOSTER}
    )
