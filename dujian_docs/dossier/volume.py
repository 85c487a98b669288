"""The bound volume (合订本): which pieces it has, in which order, and where each stands in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.dossier.lists import INNER_LIST_COLUMNS, inner_list, line_cells
from dujian_docs.dossier.manifest import digest_of
from dujian_docs.dossier.merge import count_pages, merge
from dujian_docs.dossier.model import DossierPlan, ProgressSink, StoredFile, Use, Volume
from dujian_docs.dossier.names import printable
from dujian_docs.dossier.pieces import Piece, Placed
from dujian_docs.dossier.sheet import Line, sheet
from dujian_docs.dossier.staging import Pdfs, Press, Staged, ToPdf, make_pdfs

LIST_TITLE = "卷内目录"


@dataclass(frozen=True, slots=True)
class Bound:
    """The volume and its figures; ``pdf`` is None when there is nothing to bind.

    ``placed`` and ``pages`` (page counts) go by path in the package; ``not_merged`` are (path, reason);
    ``lists`` are the inner lists (.docx) by volume code.
    """

    pdf: Path | None
    placed: Mapping[str, Placed]
    pages: Mapping[str, int]
    page_count: int
    not_merged: tuple[tuple[str, str], ...]
    lists: Mapping[str, bytes]


def bind(
    staged: Staged, folder: Path, *, to_pdf: ToPdf | None, cache: Path | None, progress: ProgressSink
) -> Bound:
    """The merged PDF is in ``folder``: for each box its inner list, then its files, in the plan's order.

    A file that serves in several places is bound once; the outline points at it from each.
    """
    plan = staged.plan
    if not plan.files:
        return Bound(None, {}, {}, 0, (), _lists(plan, {}))
    press = Press(to_pdf, folder, cache, progress)
    pdfs = make_pdfs(staged.copies, {file.sha256: printable(file.source) for file in plan.files}, press)
    pages = {
        file.path: count
        for file in plan.files
        if file.sha256 in pdfs.files and (count := file.page_count or count_pages(pdfs.files[file.sha256]))
    }
    lists = _lists(plan, pages)
    pieces = list(_pieces(plan, _list_pdfs(plan, lists, pages, press), pdfs))
    target = folder / "volume.pdf"
    placed = {
        one.key: one
        for one in merge(pieces, target, title=plan.title, made_at=plan.made_at, progress=progress)
    }
    return Bound(
        pdf=target,
        placed=placed,
        pages=pages,
        page_count=sum(one.page_count for one in placed.values()),
        not_merged=tuple((one.key, one.reason) for one in placed.values() if one.reason),
        lists=lists,
    )


def _lists(plan: DossierPlan, pages: Mapping[str, int]) -> dict[str, bytes]:
    return {volume.code: inner_list(volume, plan, pages) for volume in plan.volumes}


def _pieces(plan: DossierPlan, lists: Mapping[str, Path], pdfs: Pdfs) -> Iterator[Piece]:
    """Box by box the inner list, then every file; a file is bound where it first meets an expectation."""
    stored = {file.path: file for file in plan.files}
    bound: set[str] = set()
    for volume in plan.volumes:
        above = (f"{volume.parent_code} {volume.parent_title}", f"{volume.code} {volume.title}")
        yield Piece(volume.list_path, above, LIST_TITLE, lists[volume.code])
        for section in volume.sections:
            headings = (*above, f"{section.code} {section.title}")
            for path, use in [(path, row.use) for row in section.rows for path in row.paths]:
                title = _title(stored[path], use)
                if path in bound:
                    yield Piece(path, headings, title, same_as=path)
                    continue
                bound.add(path)
                key = stored[path].sha256
                yield Piece(path, headings, title, pdfs.files.get(key), pdfs.reasons.get(key, ""), path)
            for path in section.served_by:
                yield Piece(path, headings, _title(stored[path], stored[path].uses[0]), same_as=path)


def _title(file: StoredFile, use: Use) -> str:
    return printable(f"{use.required_file} {use.year} {use.unit_name} {file.description.title}")


def _list_pdfs(
    plan: DossierPlan, contents: Mapping[str, bytes], pages: Mapping[str, int], press: Press
) -> dict[str, Path]:
    """Volume code → its inner list as a PDF: converted when that can be done, else as a plain sheet."""
    keys = {code: digest_of(content) for code, content in contents.items()}
    copies = {keys[code]: press.folder / f"{keys[code]}.docx" for code in contents}
    for code, content in contents.items():
        copies[keys[code]].write_bytes(content)
    made = make_pdfs(copies, {key: f"{code} {LIST_TITLE}" for code, key in keys.items()}, press).files
    lists: dict[str, Path] = {}
    for volume in plan.volumes:
        plain = press.folder / f"list-{volume.code}.pdf"
        plain.write_bytes(_plain_list(volume, plan, pages))
        lists[volume.code] = made.get(keys[volume.code], plain)
    return lists


def _plain_list(volume: Volume, plan: DossierPlan, pages: Mapping[str, int]) -> bytes:
    stored = {file.path: file for file in plan.files}
    lines = [Line(LIST_TITLE, 20, centred=True), Line(f"{volume.code} {volume.title}", 14, centred=True)]
    lines.append(Line("", 8))
    titles = [title for title, _ in INNER_LIST_COLUMNS]
    for line in volume.lines:
        cells = dict(zip(titles, line_cells(line, stored[line.path], pages), strict=True))
        lines.append(Line(f"{cells.pop('序号')}　{cells.pop('题名')}"))
        lines.append(
            Line("　　" + "　".join(f"{title}：{cell}" for title, cell in cells.items() if cell), 10)
        )
    if not volume.lines:
        lines.append(Line("本卷暂无材料，所缺材料见“缺件说明”。"))
    return sheet(lines)
