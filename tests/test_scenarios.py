"""The worked cases beside the checkout end as expected."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_every_case_ends_as_expected(shared: Path) -> None:
    """check.py runs them through the command line, as another program would."""
    done = subprocess.run(
        [sys.executable, shared / "scenarios" / "check.py", "--command", f"{sys.executable} -m screening"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
