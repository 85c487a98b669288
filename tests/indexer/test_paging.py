"""Pages joined are one big page, also when files are added between pages that are asked for with a token."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import MARKER_NAME, ArchiveIndex
from indexer.engines import EngineName

FILES = 24


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_pages_joined_are_one_page_and_files_added_meanwhile_stay_out(
    tmp_path: Path, engine: EngineName
) -> None:
    pytest.importorskip(engine)
    root = tmp_path / "archive"
    root.mkdir()
    (root / MARKER_NAME).touch()
    for number in range(FILES):
        text = "督导通知" * (1 + number % 3)
        (root / f"{number:02}.txt").write_text(text, encoding="utf-8")
    with ArchiveIndex.open(root, tmp_path / "home", engine=engine) as index:
        index.sync()
        whole = [hit.path for hit in index.search("督导通知", limit=FILES).hits]
        first = index.search("督导通知", limit=7)
        joined = [hit.path for hit in first.hits]
        (root / "new.txt").write_text("督导通知" * 50, encoding="utf-8")
        index.sync()
        for offset in range(7, FILES + 7, 7):
            page = index.search("督导通知", limit=7, offset=offset, token=first.token)
            assert page.total == FILES
            joined += [hit.path for hit in page.hits]
        assert joined == whole
        assert len(set(joined)) == FILES
        assert "new.txt" in {hit.path for hit in index.search("督导通知", limit=FILES + 1).hits}
