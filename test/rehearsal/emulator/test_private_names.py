"""The names of ministack that we use: each is in the table, and each still exists with the same parameters."""

import subprocess
import sys

from used_names import EMULATOR, used_names

sys.path.insert(0, str(EMULATOR))

from private_names import NAMES  # noqa: E402


def test_every_name_we_use_is_in_the_table():
    listed = {(module, name) for module, names in NAMES.items() for name in names}
    assert used_names() - listed == set()


def test_the_table_lists_nothing_that_we_do_not_use():
    listed = {(module, name) for module, names in NAMES.items() for name in names}
    assert listed - used_names() == set()


def test_every_name_still_exists_with_the_same_parameters():
    """In a process of its own, because other tests put ours in the place of ministack's."""
    program = [sys.executable, str(EMULATOR / "private_names.py")]
    outcome = subprocess.run(program, capture_output=True, text=True, timeout=60, check=True)
    assert outcome.stdout.strip() == ""


def test_a_name_that_is_gone_or_changed_is_told():
    program = f"""
import sys; sys.path.insert(0, {str(EMULATOR)!r})
import private_names
private_names.NAMES = {{"ministack.app": {{"no_such_name": "", "_port_is_bindable": "port"}}}}
print(private_names.differences())
"""
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert "ministack.app.no_such_name is gone" in outcome.stdout
    assert "takes (host, port), not (port)" in outcome.stdout
