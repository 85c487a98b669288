"""Documents of the tests in the formats that only LibreOffice writes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path


def converted(source: Path, form: str, need_program: Callable[[str], str]) -> Path:
    """The file beside ``source`` that LibreOffice writes of it; ``form`` may name a filter after a colon."""
    home = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command = [need_program("soffice"), home, "--headless", "--convert-to", form]
    done = subprocess.run(
        [*command, "--outdir", str(source.parent), str(source)], capture_output=True, timeout=120, check=True
    )
    target = source.with_suffix(f".{form.partition(':')[0]}")
    assert target.exists(), done.stderr
    return target
