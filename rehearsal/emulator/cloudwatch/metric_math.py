"""Metric math: expressions over series, as alarms and GetMetricData use them. Only what is listed here; anything else is refused by name."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# A series is a value per period start; a missing period is a gap.
Series = dict[float, float]
Value = Series | float | list[Series]


class MathError(ValueError):
    """An expression that CloudWatch, or this rehearsal, cannot evaluate."""


@dataclass(frozen=True)
class Grid:
    """The period starts an expression is evaluated at, oldest first, and the length of a period in seconds."""

    starts: tuple[float, ...]
    period: int


def evaluate(expression: str, metrics: Mapping[str, Series], others: Callable[[str], Value], grid: Grid) -> Series:
    """The series an expression yields. `metrics` are the queries that are metrics, `others(id)` evaluates another expression."""
    value = _Evaluation(metrics, others, grid).value(_parsed(expression))
    if isinstance(value, list):
        raise MathError(f"expression {expression} yields several time series where one is needed")
    return value if isinstance(value, dict) else dict.fromkeys(grid.starts, float(value))


def _parsed(expression: str) -> ast.expr:
    # CloudWatch's operators are Python's, but for these three.
    text = expression.replace("&&", " and ").replace("||", " or ").replace("^", "**")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as problem:
        raise MathError(f"expression {expression} is not valid: {problem.msg}") from problem


def _divide(left: float, right: float) -> float | None:
    return left / right if right else None


_BINARY: dict[type, Callable[[float, float], float | None]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type, Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class _Evaluation:
    def __init__(self, metrics: Mapping[str, Series], others: Callable[[str], Value], grid: Grid):
        self._metrics = metrics
        self._others = others
        self._grid = grid

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool()):
                raise MathError("true and false are no values of metric math; use 1 and 0")
            case ast.Constant(value=(int() | float()) as number):
                return float(number)
            case ast.Name(id=name):
                return self._metrics[name] if name in self._metrics else self._others(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _lift(operator.neg, self.value(operand))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _lift(lambda item: float(not item), self.value(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return _lift(_BINARY[type(op)], self.value(left), self.value(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                compare = _COMPARISONS[type(op)]
                return _lift(lambda one, two: float(compare(one, two)), self.value(left), self.value(right))
            case ast.BoolOp(op=op, values=values):
                combine = all if isinstance(op, ast.And) else any
                return _lift(lambda *items: float(combine(items)), *[self.value(item) for item in values])
            case ast.List(elts=items):
                return [_series(self.value(item), "a list") for item in items]
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in _FUNCTIONS:
                return _FUNCTIONS[name](self, arguments)
            case _:
                raise MathError(f"{ast.unparse(node)} is not part of the metric math this rehearsal evaluates")

    def fill(self, arguments: list[ast.expr]) -> Value:
        filled, filler = self.value(arguments[0]), arguments[1]
        if isinstance(filled, list):
            return [self._filled(series, filler) for series in filled]
        return self._filled(_series(filled, "FILL"), filler)

    def _filled(self, series: Series, filler: ast.expr) -> Series:
        if isinstance(filler, ast.Name) and filler.id == "REPEAT":
            return self._repeated(series)
        if isinstance(filler, ast.Name) and filler.id == "LINEAR":
            return self._interpolated(series)
        other = self.value(filler)
        if isinstance(other, list):
            raise MathError("FILL takes a number, a metric, REPEAT or LINEAR")
        gaps = other if isinstance(other, dict) else dict.fromkeys(self._grid.starts, other)
        return {**{start: gaps[start] for start in self._grid.starts if start in gaps}, **series}

    def _repeated(self, series: Series) -> Series:
        filled: Series = {}
        last: float | None = None
        for start in self._grid.starts:
            last = series.get(start, last)
            if last is not None:
                filled[start] = last
        return filled

    def _interpolated(self, series: Series) -> Series:
        filled = dict(series)
        known = sorted(series)
        for before, after in zip(known, known[1:]):
            for start in self._grid.starts:
                if before < start < after:
                    share = (start - before) / (after - before)
                    filled[start] = series[before] + share * (series[after] - series[before])
        return filled

    def choose(self, arguments: list[ast.expr]) -> Value:
        condition, then = self.value(arguments[0]), self.value(arguments[1])
        if len(arguments) == 2:
            return _lift(lambda test, one: one if test else None, condition, then)
        return _lift(lambda test, one, other: one if test else other, condition, then, self.value(arguments[2]))

    def metrics(self, arguments: list[ast.expr]) -> list[Series]:
        prefix = arguments[0].value if arguments and isinstance(arguments[0], ast.Constant) else ""
        return [series for name, series in self._metrics.items() if str(prefix) in name]

    def period(self, _arguments: list[ast.expr]) -> float:
        return float(self._grid.period)

    def differences(self, arguments: list[ast.expr]) -> Series:
        series = _series(self.value(arguments[0]), "DIFF")
        known = sorted(series)
        return {after: series[after] - series[before] for before, after in zip(known, known[1:])}

    def rate(self, arguments: list[ast.expr]) -> Series:
        series = _series(self.value(arguments[0]), "RATE")
        known = sorted(series)
        return {after: (series[after] - series[before]) / (after - before) for before, after in zip(known, known[1:])}

    def floor(self, arguments: list[ast.expr]) -> Value:
        value = self.value(arguments[0])
        if isinstance(value, list):
            return [_floored(series) for series in value]
        return _floored(_series(value, "FLOOR"))

    def absolute(self, arguments: list[ast.expr]) -> Value:
        return _lift(abs, self.value(arguments[0]))


def _aggregate(combine: Callable[[list[float]], float]) -> Callable[[_Evaluation, list[ast.expr]], Value]:
    """Over a list of series: one series, period by period. Over one series: one number."""

    def aggregate(evaluation: _Evaluation, arguments: list[ast.expr]) -> Value:
        value = evaluation.value(arguments[0])
        if isinstance(value, list):
            starts = sorted({start for series in value for start in series})
            return {start: combine([series[start] for series in value if start in series]) for start in starts}
        series = _series(value, "an aggregate")
        return combine(list(series.values())) if series else {}

    return aggregate


def _floored(series: Series) -> Series:
    return {start: float(math.floor(value)) for start, value in series.items()}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


_FUNCTIONS: dict[str, Callable[[_Evaluation, list[ast.expr]], Any]] = {
    "ABS": _Evaluation.absolute,
    "AVG": _aggregate(_mean),
    "DIFF": _Evaluation.differences,
    "FILL": _Evaluation.fill,
    "FLOOR": _Evaluation.floor,
    "IF": _Evaluation.choose,
    "MAX": _aggregate(max),
    "METRICS": _Evaluation.metrics,
    "MIN": _aggregate(min),
    "PERIOD": _Evaluation.period,
    "RATE": _Evaluation.rate,
    "SUM": _aggregate(sum),
}


def _series(value: Value, where: str) -> Series:
    if not isinstance(value, dict):
        raise MathError(f"{where} needs a time series, not a {'list' if isinstance(value, list) else 'number'}")
    return value


def _lift(function: Callable[..., float | None], *operands: Value) -> Value:
    """Apply a function of numbers to series, period by period; a period is missing where any series misses it."""
    if any(isinstance(operand, list) for operand in operands):
        raise MathError("arithmetic takes a metric or a number on each side, not a list of metrics")
    known = [set(operand) for operand in operands if isinstance(operand, dict)]
    if not known:
        result = function(*operands)
        return {} if result is None else result
    results = {
        start: function(*[operand[start] if isinstance(operand, dict) else operand for operand in operands])
        for start in sorted(set.intersection(*known))
    }
    return {start: result for start, result in results.items() if result is not None}
