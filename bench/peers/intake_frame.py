"""What both peers of intake share: the schema's columns, and the upload read into a typed frame."""

import json

import pandas as pd

BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
TEXTS = ("identifier", "categorical", "text")
LONGEST = 10_000


def columns_of(schema_path: str) -> list[dict]:
    """Columns of a data schema."""
    with open(schema_path, encoding="utf-8") as file:
        return json.load(file)["columns"]


def read_frame(path: str, columns: list[dict]) -> pd.DataFrame:
    """The upload with numbers, instants and booleans in their types; only an empty cell is missing."""
    texts = {column["name"]: "str" for column in columns if column["kind"] != "numeric"}
    frame = pd.read_csv(path, dtype=texts, keep_default_na=False, na_values=[""])
    for column in columns:
        name = column["name"]
        if column["kind"] == "timestamp":
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
        if column["kind"] == "boolean":
            frame[name] = frame[name].str.lower().map(BOOLEANS)
    return frame


def bounds(column: dict) -> tuple:
    """Smallest and largest value of a column, None where there is none."""
    low, high = column.get("min"), column.get("max")
    if column["kind"] == "timestamp":
        return tuple(None if bound is None else pd.Timestamp(bound) for bound in (low, high))
    return low, high
