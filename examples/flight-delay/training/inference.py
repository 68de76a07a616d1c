"""Serves the flight-delay model: SageMaker loads it with `model_fn` and answers each request with `transform_fn`."""

from modelway_container.serving import model_fn, transform_fn

__all__ = ["model_fn", "transform_fn"]
