"""Raw values of every form to numbers, times, texts and flags."""

from datetime import datetime, timedelta, timezone

import numpy as np
import pyarrow
import pytest
from modelway_container import columns
from modelway_container.refusals import Refused

NOON = int(datetime(2001, 2, 3, 12, 0, 0, tzinfo=timezone.utc).timestamp())


@pytest.mark.parametrize(
    "value",
    [
        "2001-02-03T12:00:00Z",
        "2001-02-03T12:00:00z",
        "2001-02-03T12:00:00",
        "2001-02-03 12:00:00",
        "2001-02-03T12:00",
        "2001-02-03T12:00:00.999Z",
        "2001-02-03T14:30:00+02:30",
        "2001-02-03T05:00:00-0700",
        "2001-02-03 12:00:00+00",
        datetime(2001, 2, 3, 12),
        datetime(2001, 2, 3, 14, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_every_way_to_write_one_instant_gives_the_same_second(value):
    assert columns.times([value], "at").tolist() == [NOON]


def test_times_before_1970_round_down_to_the_second_in_every_form():
    expected = [-2]
    early = datetime(1969, 12, 31, 23, 59, 58, 500_000)
    assert columns.times([early], "at").tolist() == expected
    assert columns.times(pyarrow.array([early]), "at").tolist() == expected
    assert columns.times(np.array([early], "datetime64[us]"), "at").tolist() == expected
    assert columns.times(["1969-12-31T23:59:58.5Z"], "at").tolist() == expected


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_arrow_timestamps_of_every_unit_agree_and_nulls_are_missing(unit):
    for zone in (None, "UTC"):
        array = pyarrow.array([NOON, None], pyarrow.timestamp("s")).cast(pyarrow.timestamp(unit))
        zoned = array.cast(pyarrow.timestamp(unit, zone)) if zone else array
        assert columns.times(zoned, "at").tolist() == [NOON, columns.MISSING_TIME]


def test_missing_values_are_missing_in_every_kind():
    assert np.isnan(columns.numbers([None, float("nan"), float("inf")], "a")).all()
    assert np.isnan(columns.flags([None], "a")).all()
    assert columns.times([None, float("nan")], "a").tolist() == [columns.MISSING_TIME] * 2
    assert columns.texts([None, float("nan")], "a") == [None, None]


def test_arrow_numpy_and_lists_of_numbers_agree():
    values = [1, 2.5, None, -3]
    expected = [1, 2.5, np.nan, -3]
    for form in (values, pyarrow.array(values, pyarrow.float64()), np.array(expected), pyarrow.chunked_array([values])):
        np.testing.assert_array_equal(columns.numbers(form, "a"), expected)


@pytest.mark.parametrize(
    ("read", "values", "said"),
    [
        (columns.numbers, [1, "2"], "row 2, column c: expected a number or null, got '2'"),
        (columns.numbers, [True], "row 1, column c: expected a number or null, got True"),
        (columns.texts, ["a", 7], "row 2, column c: expected text or null, got 7"),
        (columns.flags, [True, "yes"], "row 2, column c: expected true or false or null, got 'yes'"),
        (columns.flags, [2], "row 1, column c: expected true or false"),
        (columns.times, [None, "tomorrow"], "row 2, column c: expected an ISO timestamp"),
        (columns.times, ["now"], "row 1, column c: expected an ISO timestamp"),
        (columns.times, [981201600], "row 1, column c: expected an ISO timestamp"),
        (
            columns.times,
            ["2001-02-03", "2001-02-30"],
            "row 2, column c: expected a date that exists or null, got '2001-02-30'",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_row_column_and_value(read, values, said):
    with pytest.raises(Refused) as refused:
        read(values, "c")
    assert said in str(refused.value)
    assert refused.value.status == 400


def test_a_whole_number_beyond_floats_is_refused():
    with pytest.raises(Refused, match="too large"):
        columns.numbers([10**400], "c")
