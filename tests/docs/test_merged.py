"""No file is left as a merge left it: both sides, with the signs between them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIGNS = tuple(7 * sign + " " for sign in "<>|")


def test_no_file_holds_both_sides_of_a_merge():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    files = [ROOT / name for name in listed.splitlines()]
    assert len(files) > 500
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        if file.suffix not in {".png", ".xls", ".xlsx", ".pdf", ".jar", ".woff2"}
        for number, line in enumerate(file.read_text("utf-8", "replace").split("\n"), 1)
        if line.startswith(SIGNS)
    ]
    assert found == []
