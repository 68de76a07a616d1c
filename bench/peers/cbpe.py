"""NannyML's CBPE on files of ours: cbpe.py REFERENCE.csv WINDOWS.csv ROWS_PER_WINDOW; prints the estimated AUC of each window as JSON."""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import nannyml  # noqa: E402
import pandas  # noqa: E402

reference, windows = (pandas.read_csv(path) for path in sys.argv[1:3])
estimator = nannyml.CBPE(
    y_pred_proba="score",
    y_pred="predicted",
    y_true="label",
    metrics=["roc_auc"],
    problem_type="classification_binary",
    chunk_size=int(sys.argv[3]),
)
estimator.fit(reference)
result = estimator.estimate(windows.drop(columns="label")).filter(period="analysis").to_df()
print(json.dumps({"version": nannyml.__version__, "auc": result[("roc_auc", "value")].tolist()}))
