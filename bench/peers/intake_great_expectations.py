"""Intake with Great Expectations on pandas: read, check every rule, write Parquet."""

import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["TQDM_DISABLE"] = "1"

import great_expectations as gx
import great_expectations.expectations as expect
from intake_frame import LONGEST, TEXTS, bounds, columns_of, read_frame
from own_cost import print_own_cost


def expectations(column: dict) -> list:
    """The expectations of one column."""
    name = column["name"]
    low, high = bounds(column)
    made = []
    if not column.get("nullable"):
        made.append(expect.ExpectColumnValuesToNotBeNull(column=name))
    if low is not None or high is not None:
        made.append(expect.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high))
    if "values" in column:
        made.append(expect.ExpectColumnValuesToBeInSet(column=name, value_set=column["values"]))
    if "pattern" in column:
        made.append(expect.ExpectColumnValuesToMatchRegex(column=name, regex=column["pattern"]))
    if column["kind"] in TEXTS:
        most = column.get("maxLength", LONGEST)
        made.append(expect.ExpectColumnValueLengthsToBeBetween(column=name, max_value=most))
    if column.get("unique"):
        made.append(expect.ExpectColumnValuesToBeUnique(column=name))
    return made


def main(path: str, schema_path: str, target: str) -> None:
    """Checks and writes one upload."""
    columns = columns_of(schema_path)
    names = [column["name"] for column in columns]
    frame = read_frame(path, columns)
    context = gx.get_context(mode="ephemeral")
    suite = context.suites.add(gx.ExpectationSuite(name="intake"))
    suite.add_expectation(expect.ExpectTableColumnsToMatchSet(column_set=names, exact_match=True))
    suite.add_expectation(expect.ExpectCompoundColumnsToBeUnique(column_list=names))
    for column in columns:
        for expectation in expectations(column):
            suite.add_expectation(expectation)
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("upload")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    assert batch.validate(suite).success
    frame.to_parquet(target, compression="zstd", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
    print_own_cost()
