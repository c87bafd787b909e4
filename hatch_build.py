"""Compiles screening/matching/compiled/; a package built without a compiler lacks it and is slower."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNELS = "screening/matching/compiled"
BUILT = "screening/matching/_kernels.so"
FLAGS = ("-O3", "-ffp-contract=off", "-fPIC", "-shared")  # no fused multiply-add: scores are to the last bit NumPy's


class Compile(BuildHookInterface):
    """The build step of wheels, editable ones too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Leave the library in the source tree, and have it packed."""
        root = Path(self.root)
        if not compiled(root / KERNELS, root / BUILT):
            return
        build_data["artifacts"].append(BUILT)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"  # the library is loaded by ctypes: any Python can


def digest_of(source: Path) -> str:
    """The digest of the files of a folder; the package works it out likewise, see screening.matching.kernels."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(source.glob("*.[ch]")))).hexdigest()


def compiled(source: Path, built: Path) -> bool:
    """Whether the library could be compiled; it carries the digest of its source, by which it is known to fit."""
    digest, fresh = digest_of(source), built.with_name(f".{built.name}.{os.getpid()}")
    failed = ""
    for compiler in dict.fromkeys(filter(None, (os.environ.get("CC"), sysconfig.get_config_var("CC"), "cc", "gcc"))):
        command = [*shlex.split(compiler), *FLAGS, f'-DSOURCE="{digest}"']
        command += [str(source / "kernels.c"), "-o", str(fresh), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            failed = f"{error} {getattr(error, 'stderr', '')}"
            continue
        fresh.replace(built)
        return True
    fresh.unlink(missing_ok=True)
    built.unlink(missing_ok=True)
    print(f"{source.name} was not compiled, names will be matched more slowly: {failed}", file=sys.stderr)
    return False


def platform_tag() -> str:
    """The tag of wheels for this machine."""
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")
