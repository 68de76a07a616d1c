"""Independent reader and writer for the tests of intake: Python's csv module and pyarrow."""

import csv
import datetime
import decimal
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq


def plain(value):
    """A value of Parquet as JSON."""
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value


def read(csv_path, parquet_path):
    """Rows of a CSV file by Python's csv module, and rows and types of a Parquet file by pyarrow."""
    with open(csv_path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    table = pq.read_table(parquet_path)
    return {
        "csv": rows[1:],
        "parquet": [[plain(value) for value in row.values()] for row in table.to_pylist()],
        "types": [str(field.type) for field in table.schema],
        "compression": pq.ParquetFile(parquet_path).metadata.row_group(0).column(0).compression,
    }


def write(parquet_path, compression, version):
    """A Parquet file with a column of every kind that tools write numbers, texts and instants as."""
    instant = datetime.datetime(2001, 1, 31, 5, 30, 0, 250000)
    eastern = datetime.timezone(datetime.timedelta(hours=-5))
    columns = {
        "i8": pa.array([1, -128, None], pa.int8()),
        "u64": pa.array([1, 2**63 - 1, None], pa.uint64()),
        "f32": pa.array([1.5, -0.25, None], pa.float32()),
        "dec": pa.array([decimal.Decimal("12.50"), decimal.Decimal("-0.01"), None], pa.decimal128(9, 2)),
        "word": pa.array(["a", 'say "hi", ü', None], pa.large_string()),
        "code": pa.array(["x", "y", None]).dictionary_encode(),
        "flag": pa.array([True, False, None], pa.bool_()),
        "day": pa.array([instant.date(), datetime.date(1969, 7, 20), None], pa.date32()),
        "ms": pa.array([instant, instant, None], pa.timestamp("ms")),
        "ns": pa.array([instant, instant, None], pa.timestamp("ns")),
        "tz": pa.array([instant.replace(tzinfo=eastern), instant, None], pa.timestamp("us", tz="America/New_York")),
    }
    pq.write_table(pa.table(columns), parquet_path, compression=compression, data_page_version=version)
    return {}


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print(json.dumps({"read": read, "write": write}[what](*arguments)))
