"""The worked cases beside the checkout end as expected."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SINGLE = ["S01", "S02", "S06", "S08", "S09", "S10", "S13", "S15", "S16", "S18", "S19", "S22", "S27", "S30"]


def test_the_cases_that_one_record_decides(shared: Path) -> None:
    """check.py runs them through the command line, as another program would."""
    done = subprocess.run(
        [sys.executable, shared / "scenarios" / "check.py", *SINGLE, "--command", f"{sys.executable} -m screening"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
