"""Exact path-dependent TreeSHAP as table look-ups: what XGBoost computes per row is computed once, at training.

The SHAP values that one leaf gives a row depend only on *which* conditions of its path the row meets. So do those of a group of
leaves, over the product of the states their features can be in. A table holds the values of every cell of that product; a row
costs one look-up per group and one sum. Groups are as large as a cell limit allows, so there are far fewer of them than leaves.
Source of the formula: Lundberg, Erion, Lee, "Consistent individualized feature attribution for tree ensembles", 2018.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import factorial, prod
from pathlib import Path

import numpy as np

from .trees import Bins, Forest, Leaf, Tree, Unsupported

FILE_NAME = "leaf_tables.npz"
CELLS_PER_GROUP = 1024
MEMORY_LIMIT_BYTES = 128 * 2**20
_DENSE_WIDTH = 16
# Codes are places within a group, so this type also bounds the cells of a group.
_CODE = np.dtype(np.uint16)
_MOST_CELLS = 2**16
_ROWS_BUFFER_BYTES = 2**21


@dataclass(frozen=True)
class LeafTables:
    """`cells[offsets[g] + sum over features f of codes[f][bin of f, g]]` are the SHAP values of group g.

    With up to 16 features a cell holds one value per feature; with more, one value per feature *of its group*, and `slots[g]`
    says which features those are (`width` stands for none).
    """

    cells: np.ndarray
    offsets: np.ndarray
    codes: tuple[np.ndarray, ...]
    slots: np.ndarray
    bins: tuple[Bins, ...]
    base_value: float

    @property
    def width(self) -> int:
        return len(self.bins)

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        """SHAP values of each row, float64, in log-odds."""
        return np.concatenate([self._some_rows(part) for part in self._parts(matrix)])

    def _parts(self, matrix: np.ndarray) -> Iterator[np.ndarray]:
        # Parts that fit the processor's cache: larger ones are slower, not faster.
        row_bytes = max(1, len(self.offsets) * self.cells.shape[1] * 8)
        rows = max(1, _ROWS_BUFFER_BYTES // row_bytes)
        for start in range(0, max(1, len(matrix)), rows):
            yield matrix[start : start + rows]

    def _some_rows(self, matrix: np.ndarray) -> np.ndarray:
        places = np.tile(self.offsets, (len(matrix), 1))
        for feature, (bins, codes) in enumerate(zip(self.bins, self.codes)):
            if codes.size:
                places += codes[bins.of(matrix[:, feature])]
        values = self.cells.take(places, axis=0)
        if self.slots.size == 0:
            return np.add.reduce(values, axis=1)
        return self._by_feature(values)

    def _by_feature(self, values: np.ndarray) -> np.ndarray:
        order, present, starts = self._slot_order
        sums = np.add.reduceat(values.reshape(len(values), -1)[:, order], starts, axis=1)
        result = np.zeros((len(values), self.width + 1))
        result[:, present] = sums
        return result[:, : self.width]

    @cached_property
    def _slot_order(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The slots of all groups sorted by feature, the features present, and where each begins in that order."""
        flat = self.slots.ravel()
        order = np.argsort(flat, kind="stable")
        present, starts = np.unique(flat[order], return_index=True)
        return order, present, starts


def build_leaf_tables(
    forest: Forest, cells_per_group: int = CELLS_PER_GROUP, limit: int = MEMORY_LIMIT_BYTES
) -> LeafTables:
    """Computes the tables of a model. @raises Unsupported when they would not fit `limit` bytes"""
    if cells_per_group > _MOST_CELLS:
        raise ValueError(f"cells_per_group is {cells_per_group}, at most {_MOST_CELLS} are possible")
    groups = [
        group
        for tree in forest.trees
        for group in _grouped(tree, 0, [leaf for _, leaf in tree.leaves()], cells_per_group)
    ]
    width = len(forest.bins)
    slot_count = width if width <= _DENSE_WIDTH else max((len(group.states) for group in groups), default=0)
    total = sum(group.cell_count for group in groups)
    needed = total * slot_count * 8 + sum(bins.count for bins in forest.bins) * len(groups) * _CODE.itemsize
    if needed > limit:
        raise Unsupported(f"leaf tables need {needed >> 20} MiB, the limit is {limit >> 20} MiB")
    cells = np.zeros((total, slot_count))
    offsets = np.cumsum([0] + [group.cell_count for group in groups])[:-1].astype(np.int64)
    slots = np.full((len(groups), slot_count), width, np.int32) if width > _DENSE_WIDTH else np.zeros((0, 0), np.int32)
    for index, (group, offset) in enumerate(zip(groups, offsets)):
        columns = {feature: place if slots.size else feature for place, feature in enumerate(group.states)}
        if slots.size:
            slots[index, : len(columns)] = list(columns)
        _fill_cells(cells[offset : offset + group.cell_count], group, columns)
    base = forest.base_margin + sum(
        leaf.value * prod(condition.share for condition in leaf.path.values())
        for group in groups
        for leaf in group.leaves
    )
    return LeafTables(cells, offsets, _codes(groups, forest.bins), slots, forest.bins, base)


def save_leaf_tables(tables: LeafTables, folder: Path) -> None:
    """Writes `leaf_tables.npz` into a model folder."""
    arrays = {f"codes_{index}": codes for index, codes in enumerate(tables.codes)}
    arrays.update({f"thresholds_{index}": bins.thresholds for index, bins in enumerate(tables.bins)})
    np.savez(
        folder / FILE_NAME,
        cells=tables.cells,
        offsets=tables.offsets,
        slots=tables.slots,
        base_value=np.float64(tables.base_value),
        is_category=np.array([bins.is_category for bins in tables.bins]),
        bin_counts=np.array([bins.count for bins in tables.bins]),
        **arrays,
    )


def load_leaf_tables(folder: Path) -> LeafTables:
    """Reads `leaf_tables.npz` from a model folder."""
    with np.load(folder / FILE_NAME, allow_pickle=False) as file:
        kinds = zip(file["is_category"].tolist(), file["bin_counts"].tolist())
        bins = tuple(Bins(kind, file[f"thresholds_{index}"], count) for index, (kind, count) in enumerate(kinds))
        codes = tuple(file[f"codes_{index}"] for index in range(len(bins)))
        return LeafTables(file["cells"], file["offsets"], codes, file["slots"], bins, float(file["base_value"]))


@dataclass(frozen=True)
class _States:
    """The ways a group can see one feature: the state of each bin, and one bin of each state."""

    of_bin: np.ndarray
    example: np.ndarray


@dataclass(frozen=True)
class _Group:
    leaves: list[Leaf]
    states: dict[int, _States]

    @property
    def cell_count(self) -> int:
        return prod(len(states.example) for states in self.states.values())


def _grouped(tree: Tree, node: int, leaves: list[Leaf], limit: int) -> Iterator[_Group]:
    """The fewest groups of whole subtrees that each stay within `limit` cells; `leaves` are those below `node`, in order."""
    states = _states(leaves)
    children = tree.children(node)
    if states is not None and prod(len(each.example) for each in states.values()) <= limit:
        yield _Group(leaves, states)
    elif not children:
        raise Unsupported(f"a path has {len(leaves[0].path)} features, more than {limit} cells can hold")
    else:
        left = _leaf_count(tree, children[0])
        yield from _grouped(tree, children[0], leaves[:left], limit)
        yield from _grouped(tree, children[1], leaves[left:], limit)


def _leaf_count(tree: Tree, node: int) -> int:
    children = tree.children(node)
    return sum(_leaf_count(tree, child) for child in children) if children else 1


def _states(leaves: list[Leaf]) -> dict[int, _States] | None:
    """Bins that meet the same conditions of a feature are one state; None when there are too many conditions to tell."""
    found: dict[int, _States] = {}
    for feature in sorted({feature for leaf in leaves for feature in leaf.path}):
        conditions = {
            leaf.path[feature].passes.tobytes(): leaf.path[feature].passes for leaf in leaves if feature in leaf.path
        }
        if len(conditions) > 63:
            return None
        met = sum(passes.astype(np.int64) << bit for bit, passes in enumerate(conditions.values()))
        _, example, of_bin = np.unique(met, return_index=True, return_inverse=True)
        found[feature] = _States(of_bin, example)
    return found


def _fill_cells(cells: np.ndarray, group: _Group, columns: dict[int, int]) -> None:
    shape = tuple(len(states.example) for states in group.states.values())
    axis = {feature: place for place, feature in enumerate(group.states)}
    for leaf in group.leaves:
        pattern = np.zeros((1,) * len(shape), np.int64)
        for bit, (feature, condition) in enumerate(leaf.path.items()):
            met = condition.passes[group.states[feature].example].astype(np.int64) << bit
            pattern = pattern + met.reshape([-1 if place == axis[feature] else 1 for place in range(len(shape))])
        flat = np.broadcast_to(pattern, shape).ravel()
        values = _leaf_values(leaf)
        for bit, feature in enumerate(leaf.path):
            cells[:, columns[feature]] += values[flat, bit]


def _leaf_values(leaf: Leaf) -> np.ndarray:
    """SHAP values of one leaf's path features for each of the 2^d patterns; bit j of a pattern: condition j is met."""
    shares = [condition.share for condition in leaf.path.values()]
    depth = len(shares)
    met = (np.arange(2**depth)[:, None] >> np.arange(depth) & 1).astype(np.float64)
    values = np.zeros((2**depth, depth))
    for own in range(depth):
        # by_size[:, k]: over the sets of k other features, the product of "met" inside the set and "share" outside it.
        by_size = np.zeros((2**depth, depth))
        by_size[:, 0] = 1
        for other in range(depth):
            if other != own:
                with_it = by_size[:, :-1] * met[:, other, None]
                by_size *= shares[other]
                by_size[:, 1:] += with_it
        weights = [factorial(size) * factorial(depth - 1 - size) / factorial(depth) for size in range(depth)]
        values[:, own] = leaf.value * (met[:, own] - shares[own]) * (by_size @ weights)
    return values


def _codes(groups: list[_Group], bins: tuple[Bins, ...]) -> tuple[np.ndarray, ...]:
    codes = [np.zeros((each.count, len(groups)), _CODE) for each in bins]
    used: set[int] = set()
    for index, group in enumerate(groups):
        stride = group.cell_count
        for feature, states in group.states.items():
            stride //= len(states.example)
            codes[feature][:, index] = states.of_bin * stride
            used.add(feature)
    return tuple(each if feature in used else np.zeros((0, 0), _CODE) for feature, each in enumerate(codes))
