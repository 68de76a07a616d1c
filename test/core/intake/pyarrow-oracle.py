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


def kind(of):
    """The kind of column that takes a type of Parquet; None for what no column takes."""
    if pa.types.is_dictionary(of):
        return kind(of.value_type)
    if pa.types.is_integer(of):
        return "integer"
    if pa.types.is_floating(of) or pa.types.is_decimal(of):
        return "numeric"
    if pa.types.is_boolean(of):
        return "boolean"
    if pa.types.is_date(of) or pa.types.is_timestamp(of):
        return "timestamp"
    return "text" if pa.types.is_string(of) or pa.types.is_large_string(of) else None


def microseconds(value, unit):
    """A count of units since 1970 in microseconds; finer ones are cut."""
    factor = {"s": 10**6, "ms": 10**3, "us": 1}
    return value * factor[unit] if unit in factor else value // 1000


def normal(column):
    """Values as their columns keep them: integers and instants (in microseconds since 1970) as text, so that no digit is lost."""
    of = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_date32(of):
        days = column.cast(pa.int32()).to_pylist()
        return [None if day is None else str(day * 86_400 * 10**6) for day in days]
    if pa.types.is_timestamp(of):
        counts = column.cast(pa.int64()).to_pylist()
        return [None if count is None else str(microseconds(count, of.unit)) for count in counts]
    values = column.to_pylist()
    if pa.types.is_integer(of):
        return [None if value is None else str(value) for value in values]
    if pa.types.is_floating(of) or pa.types.is_decimal(of):
        return [None if value is None else float(value) for value in values]
    return values


def table(parquet_path):
    """Columns with their kinds, and their values column by column."""
    held = pq.ParquetFile(parquet_path).read()
    kinds = [kind(field.type) for field in held.schema]
    return {
        "columns": [{"name": field.name, "kind": of} for field, of in zip(held.schema, kinds)],
        "values": [normal(held.column(index)) if of else [] for index, of in enumerate(kinds)],
        "rows": held.num_rows,
    }


def encodings(folder):
    """A file for each encoding and each old or odd type, all of the same rows."""
    rows = range(1000)
    instants = pa.array([978_307_200_000_000 + 7_000_001 * row for row in rows], pa.timestamp("us"))
    columns = {
        "id": pa.array([f"row {row} {'é' * (row % 4)}" for row in rows]),
        "whole": pa.array([None if row % 7 == 0 else (row - 500) ** 6 for row in rows], pa.int64()),
        "small": pa.array([row % 100 for row in rows], pa.int32()),
        "real": pa.array([None if row % 5 == 0 else row / 7 for row in rows]),
        "single": pa.array([row / 8 for row in rows], pa.float32()),
        "flag": pa.array([row % 3 == 0 for row in rows]),
        "at": instants,
    }
    plain = dict.fromkeys(columns, "PLAIN")
    delta = {"id": "DELTA_BYTE_ARRAY", "whole": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "at": "DELTA_BINARY_PACKED"}
    settings = {
        "dictionary": {},
        "dictionary-full": {"dictionary_pagesize_limit": 2000, "data_page_size": 1000},
        "plain": {"use_dictionary": False, "column_encoding": plain},
        "delta": {"use_dictionary": False, "column_encoding": {**plain, **delta, "flag": "RLE"}},
        "delta-length": {"use_dictionary": False, "column_encoding": {**plain, "id": "DELTA_LENGTH_BYTE_ARRAY"}},
        "split-reals": {"use_dictionary": False, "column_encoding": {**plain, "real": "BYTE_STREAM_SPLIT", "single": "BYTE_STREAM_SPLIT"}},
        "split-integers": {"use_dictionary": False, "column_encoding": {**plain, "small": "BYTE_STREAM_SPLIT"}},
        "int96": {"use_deprecated_int96_timestamps": True},
        "pages": {"data_page_version": "2.0", "row_group_size": 700, "data_page_size": 300, "write_page_index": True, "write_page_checksum": True},
    }
    for name, setting in settings.items():
        pq.write_table(pa.table(columns), f"{folder}/{name}.parquet", **setting)
    decimals = [decimal.Decimal(row - 500) / 100 for row in rows]
    for digits, name in [(9, "decimal-32"), (18, "decimal-64"), (30, "decimal-bytes")]:
        typed = {**columns, "real": pa.array(decimals, pa.decimal128(digits, 2))}
        pq.write_table(pa.table(typed), f"{folder}/{name}.parquet", store_decimal_as_integer=digits < 20)
    nested = {
        **columns,
        "list": pa.array([[row] * (row % 3) for row in rows]),
        "struct": pa.array([{"a": row} for row in rows]),
        "bytes": pa.array([b"1234" for _ in rows], pa.binary(4)),
        "map": pa.array([[("k", row)] for row in rows], pa.map_(pa.string(), pa.int64())),
    }
    pq.write_table(pa.table(nested), f"{folder}/nested.parquet")
    return {"files": [*settings, "decimal-32", "decimal-64", "decimal-bytes", "nested"]}


def tables(*parquet_paths):
    """Several tables by path."""
    return {path: table(path) for path in parquet_paths}


def bombs(folder):
    """Files of the same text in every row, and a wide one."""
    for compression in ["none", "snappy", "gzip", "brotli", "lz4", "zstd"]:
        texts(f"{folder}/{compression}.parquet", 5000, 2**20, True, compression)
    texts(f"{folder}/many.parquet", 40_000, 10_000, True, "zstd")
    texts(f"{folder}/honest.parquet", 3000, 300, True, "zstd")
    texts(f"{folder}/zeros.parquet", 100, 2**20, False, "zstd")
    texts(f"{folder}/long.parquet", 5, 2**20, False, "none")
    pq.write_table(pa.table({f"c{index}": [1] for index in range(101)}), f"{folder}/wide.parquet")
    return {}


def texts(parquet_path, rows, length, dictionary, compression):
    """A file whose rows all hold the same text; with a dictionary it is there once."""
    codes = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * length]))
    column = codes if dictionary else codes.cast(pa.string())
    # A limit that lets the text in, and pages whose rows do not end where the database begins anew.
    pq.write_table(
        pa.table({"id": column, "y": pa.array([row % 2 == 0 for row in range(rows)])}),
        parquet_path,
        use_dictionary=dictionary,
        compression=compression,
        dictionary_pagesize_limit=2**30,
        max_rows_per_page=1500,
    )


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    known = {"read": read, "write": write, "tables": tables, "encodings": encodings, "bombs": bombs}
    print(json.dumps(known[what](*arguments)))
