"""The invented archive: planned as values, with the truth about it, then written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from dujian_docs.errors import StorageFailed, disk_words
from dujian_docs.filing import Expectation, expectations, place_of
from dujian_docs.naming import safe_component
from dujian_docs.publishing import confined
from dujian_docs.records import RequiredFile, Scope
from dujian_docs.sample.chance import drawn
from dujian_docs.sample.files import Make, file_bytes
from dujian_docs.sample.mishaps import MISHAPS, MISSING, SHORT, mishap_files, near_duplicate, stray_files
from dujian_docs.sample.occasions import Occasion
from dujian_docs.sample.papers import Paper, paper_for
from dujian_docs.sample.planned import Fate, PlannedFile
from dujian_docs.sample.records import sample_tree, sample_units

Report = Callable[[int, int, str], None]
"""Told after each file: how many are written, of how many, and the path of the last."""

DILIGENCE = {
    "S001": 19, "S002": 8, "S003": 7, "S004": 13, "S005": 12, "S006": 6,
    "S007": 3, "S008": 9, "S009": 8, "S010": 4, "S011": 10, "S012": 15,
}  # fmt: skip
"""How many of its required files each school has handed in as it should, at most."""

FULL_WIDTH = ("C10-02", "D002", 2025)
"""Whose file name is typed in full width."""

TWICE = ("C3-03", "D003", 2025)
"""What lies there in two versions."""

_SPOILT = frozenset((*(one.key for one in MISHAPS), *MISSING))

_BY_NAME, _BY_ALIAS = 55, 92
"""Of a hundred files so many bear the unit's full name; up to the second its short one; the rest its code."""

_MAKES = {
    "pdf": (Make.PDF,),
    "docx": (Make.DOCX,),
    "xlsx": (Make.XLSX,),
    "png": (Make.SCAN,),
    "jpg": (),
    "": (Make.DOCX, Make.PDF, Make.GBK, Make.DOCX, Make.PDF, Make.UTF8),
}


@cache
def sample_due() -> tuple[Expectation, ...]:
    """Every expectation of the county's filing list."""
    return expectations(sample_tree(), sample_units())


def plan_archive(seed: int = 2026) -> tuple[PlannedFile, ...]:
    """The files of the invented archive, by path; pure, and the same for the same seed.

    The seed decides which of their files the schools have handed in, and how files are named and made;
    what has gone wrong (``mishaps``) is always the same.
    """
    tree, due = sample_tree(), {one.key: one for one in sample_due()}
    files = list(_regular_files(seed))
    files += [near_duplicate(file) for file in files if TWICE in file.answers]
    files += mishap_files(tree, due)
    files += stray_files(tree, due)
    return tuple(sorted(files, key=lambda file: file.path))


def write_archive(root: Path, plan: Sequence[PlannedFile], report: Report | None = None) -> None:
    """Every file of the plan stands under ``root``, which must not hold any of them yet.

    Raises:
        StorageFailed: the disk refused, or a file is already there.
        ArchiveConflict: a path of the plan leads out of ``root``.
    """
    root.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(plan, start=1):
        target = confined(root, file.path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as stream:
                stream.write(file_bytes(file.paper, file.make))
        except OSError as error:
            raise StorageFailed(
                f"写不进“{target}”（{disk_words(error)}）",
                remedy="换一个空的文件夹，检查磁盘空间和权限后重来",
            ) from error
        if report:
            report(number, len(plan), file.path)


def _regular_files(seed: int) -> Iterator[PlannedFile]:
    """The files that are as they should be."""
    handed_in = _handed_in(seed)
    for due in sample_due():
        if due.key in _SPOILT or (due.required_file.scope is Scope.SCHOOL and due.key not in handed_in):
            continue
        count = due.required_file.min_count - (due.key in SHORT)
        for part in range(1, count + 1):
            paper = paper_for(Occasion(due.code, due.unit, due.year, part))
            make = _make(due.required_file, paper, drawn(60, seed, "格式", *due.key, part))
            name = f"{_stem(due, seed, part)}.{make.extension}"
            if due.key == FULL_WIDTH:
                name = _full_width(name)
            path = PurePosixPath(place_of(sample_tree(), due)) / safe_component(name)
            yield PlannedFile(path.as_posix(), paper, make, Fate.PRESENT, (due.key,))


def _handed_in(seed: int) -> frozenset[tuple[str, str, int]]:
    """The expectations of schools that are met, as many for each as ``DILIGENCE`` says."""
    kept: list[tuple[str, str, int]] = []
    for code, count in DILIGENCE.items():
        own = [
            due.key
            for due in sample_due()
            if due.unit.code == code and due.required_file.scope is Scope.SCHOOL and due.key not in _SPOILT
        ]
        kept += sorted(own, key=lambda key: drawn(1 << 40, seed, "交", *key))[:count]
    return frozenset(kept)


def _make(required: RequiredFile, paper: Paper, chance: int) -> Make:
    """A way to make the paper in a format that is asked for; tables like workbooks."""
    formats = required.formats or ("",)
    among = [make for wanted in formats for make in _MAKES[wanted]]
    if paper.grid and Make.XLSX in among:
        return Make.XLSX
    if not paper.grid and len(among) > 1:
        among = [make for make in among if make is not Make.XLSX]
    if paper.grid:
        among = [make for make in among if make is not Make.SCAN]
    return among[chance % len(among)]


def _stem(due: Expectation, seed: int, part: int) -> str:
    """A file name by the rule, in one of the ways people spell it."""
    unit, chance = due.unit, drawn(100, seed, "名称", *due.key, part)
    names = (unit.name, unit.aliases[0] if unit.aliases else unit.name, unit.code)
    name = names[(chance >= _BY_NAME) + (chance >= _BY_ALIAS)]
    more = f"（{part}）" if due.required_file.min_count > 1 else ""
    code = due.code
    if chance % 17 == 0:
        code = f"{sample_tree().path_of(due.required_file.indicator)}_{due.code.rpartition('-')[2]}"
    return f"{code}_{due.year}_{name}_{due.title}{more}"


def _full_width(name: str) -> str:
    """The name's code, separators and year in full width; the extension stays."""
    stem, dot, extension = name.rpartition(".")
    wide = "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter
        for letter in unicodedata.normalize("NFKC", stem)
    )
    return wide + dot + extension
