"""What is renamed outlasts a power cut on FAT too: the file is synced under its new name."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WATCHED = """
import json, sys
from pathlib import Path
{imports}
seen = []
sys.addaudithook(lambda event, words: seen.append([event, str(words[0])]) if event in ("os.rename", "open") else None)
{act}
print(json.dumps(seen))
"""
WAYS = {
    "stick": (
        "from appliance.storage.stick_disk import RealDisk",
        "RealDisk().rename(Path('old'), Path('new'))",
    ),
    "card": ("from appliance.card.disk import Disk", "Disk().rename(Path('old'), Path('new'))"),
    "file": ("from appliance.storage.lasting import rename", "rename(Path('old'), Path('new'))"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_renamed_file_is_opened_again_to_be_synced_under_its_new_name(tmp_path: Path, way: str) -> None:
    (tmp_path / "old").write_text("whose it is")
    imports, act = WAYS[way]
    said = subprocess.run(
        [sys.executable, "-c", WATCHED.format(imports=imports, act=act)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert json.loads(said) == [["os.rename", "old"], ["open", "new"]]
    assert (tmp_path / "new").read_text() == "whose it is"
