"""Intake with pandera on pandas: read, check every rule lazily, write Parquet."""

import sys

import pandera.pandas as pa
from intake_frame import LONGEST, TEXTS, bounds, columns_of, read_frame
from own_cost import print_own_cost

TYPES = {"numeric": float, "boolean": bool, "timestamp": "datetime64[us, UTC]"}


def checks(column: dict) -> list[pa.Check]:
    """The checks of one column."""
    low, high = bounds(column)
    made = []
    if low is not None:
        made.append(pa.Check.ge(low))
    if high is not None:
        made.append(pa.Check.le(high))
    if "values" in column:
        made.append(pa.Check.isin(column["values"]))
    if "pattern" in column:
        made.append(pa.Check.str_matches(column["pattern"]))
    if column["kind"] in TEXTS:
        made.append(pa.Check.str_length(max_value=column.get("maxLength", LONGEST)))
    return made


def main(path: str, schema_path: str, target: str) -> None:
    """Checks and writes one upload."""
    columns = columns_of(schema_path)
    schema = pa.DataFrameSchema(
        {
            column["name"]: pa.Column(
                "int64" if column.get("integer") else TYPES.get(column["kind"], str),
                checks(column),
                nullable=column.get("nullable", False),
                unique=column.get("unique", False),
            )
            for column in columns
        },
        strict=True,
        unique=[column["name"] for column in columns],
    )
    frame = schema.validate(read_frame(path, columns), lazy=True)
    frame.to_parquet(target, compression="zstd", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
    print_own_cost()
