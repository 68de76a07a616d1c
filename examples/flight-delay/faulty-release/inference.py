"""A release with a bug that scoring the test set does not show. The rehearsal trains and deploys it; the canary rolls it back.

The author wanted no missing delays in the answers' explanations and filled them by the mean of the request's other rows. In batch
scoring a request has thousands of rows, so there always is a mean; a live request of a single flight without the value has none.
"""

from modelway_container import serving
from modelway_container.serving import model_fn, transform_fn

__all__ = ["model_fn", "transform_fn"]

_predict = serving.predict


def _predict_without_gaps(model, rows):
    delays = [row["origin_delay_2h"] for row in rows if row.get("origin_delay_2h") is not None]
    filled = [
        {
            **row,
            "origin_delay_2h": row["origin_delay_2h"]
            if row.get("origin_delay_2h") is not None
            else sum(delays) / len(delays),
        }
        for row in rows
    ]
    return _predict(model, filled)


serving.predict = _predict_without_gaps
