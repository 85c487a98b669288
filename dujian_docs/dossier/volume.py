"""The bound volume (合订本): which pieces it has, in which order, and where each stands in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.dossier.lists import INNER_LIST_COLUMNS, inner_list, line_cells
from dujian_docs.dossier.manifest import digest_of
from dujian_docs.dossier.merge import count_pages, merge
from dujian_docs.dossier.model import DossierPlan, ProgressSink, Volume
from dujian_docs.dossier.names import printable
from dujian_docs.dossier.pieces import Piece, Placed
from dujian_docs.dossier.sheet import Line, sheet
from dujian_docs.dossier.staging import Pdfs, Press, Staged, ToPdf, make_pdfs

LIST_TITLE = "卷内目录"


@dataclass(frozen=True, slots=True)
class Bound:
    """The volume and its figures; ``pdf`` is None when there is nothing to bind.

    ``placed`` and ``pages`` (page counts) go by path in the package; ``not_merged`` are (path, reason).
    """

    pdf: Path | None
    placed: Mapping[str, Placed]
    pages: Mapping[str, int]
    page_count: int
    not_merged: tuple[tuple[str, str], ...]


def bind(
    staged: Staged, folder: Path, *, to_pdf: ToPdf | None, cache: Path | None, progress: ProgressSink
) -> Bound:
    """The merged PDF is in ``folder``: for each box its inner list, then its files, in the plan's order.

    A file that serves in several places is bound once; the outline points at it from each.
    """
    plan = staged.plan
    if not plan.files:
        return Bound(None, {}, {}, 0, ())
    press = Press(to_pdf, folder, cache, progress)
    pdfs = make_pdfs(staged.copies, {file.sha256: printable(file.source) for file in plan.files}, press)
    pages = {
        file.path: count
        for file in plan.files
        if file.sha256 in pdfs.files and (count := file.page_count or count_pages(pdfs.files[file.sha256]))
    }
    lists = _list_pdfs(plan, pages, press)
    pieces = [piece for volume in plan.volumes for piece in _pieces(volume, lists[volume.code], plan, pdfs)]
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
    )


def _pieces(volume: Volume, inner: Path, plan: DossierPlan, pdfs: Pdfs) -> Iterator[Piece]:
    above = (f"{volume.parent_code} {volume.parent_title}", f"{volume.code} {volume.title}")
    yield Piece(volume.list_path, above, LIST_TITLE, inner)
    stored = {file.path: file for file in plan.files}
    bound: set[str] = set()
    for section in volume.sections:
        headings = (*above, f"{section.code} {section.title}")
        uses = [(path, row.use) for row in section.rows for path in row.paths]
        uses += [(path, stored[path].uses[0]) for path in section.served_by]
        for path, use in uses:
            file = stored[path]
            title = printable(f"{use.required_file} {use.year} {use.unit_name} {file.description.title}")
            if path in bound or use != file.uses[0] or section.code != use.indicator:
                yield Piece(path, headings, title, same_as=path)
                continue
            bound.add(path)
            reason = pdfs.reasons.get(file.sha256, "")
            yield Piece(path, headings, title, pdfs.files.get(file.sha256), reason, where=path)


def _list_pdfs(plan: DossierPlan, pages: Mapping[str, int], press: Press) -> dict[str, Path]:
    """Volume code → its inner list as a PDF: converted when that can be done, else as a plain sheet."""
    contents = {volume.code: inner_list(volume, plan, pages) for volume in plan.volumes}
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
