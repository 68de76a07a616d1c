"""Which names of ministack the emulator's sources use, read from the sources themselves."""

import ast
from pathlib import Path

EMULATOR = Path(__file__).parents[3] / "rehearsal" / "emulator"
PACKAGE = "ministack"


def used_names():
    """Every (module, name) of ministack that any of our modules reads, calls or replaces."""
    used = set()
    for path in sorted(EMULATOR.rglob("*.py")):
        used |= _used_in(ast.parse(path.read_text()))
    return used


def _used_in(tree):
    modules, used = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update({name.asname or name.name: name.name for name in node.names if _ours(name.name)})
        if isinstance(node, ast.ImportFrom) and _ours(node.module or ""):
            for name in node.names:
                if _is_module(f"{node.module}.{name.name}"):
                    modules[name.asname or name.name] = f"{node.module}.{name.name}"
                else:
                    used.add((node.module, name.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            used.add((modules[node.value.id], node.attr))
    return used


def _ours(module):
    return module.split(".")[0] == PACKAGE


def _is_module(dotted):
    import importlib.util

    try:
        return importlib.util.find_spec(dotted) is not None
    except ModuleNotFoundError:
        return False
