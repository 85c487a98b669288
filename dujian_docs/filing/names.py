"""What a path says by itself: codes, years, units, title, copy mark. Pure; reads no disk and no text.

The rule of an exact name is ``<required file code>_<year>_<unit>_<title>.<ext>``, for instance
``C3-01_2024_县财政局_财政决算报告.pdf``:

* the code comes first, ``C3-01``, also written ``A1-B2-C3_01``; then the year, ``2024`` or ``2024年`` or
  ``2024年度``; then the unit by code, full name or alias; what follows is free and may be absent;
* between them ``_``, ``-``, a blank, any run of these, and their full-width forms are the same;
* a mark 「复印件」 may stand anywhere and is not part of the title;
* a school year (``2023-2024学年``) is not a calendar year, so such a name is never exact.

Folders add the indicator (``A1-B2-C3 教育经费三个增长``; a box 「C3、C4、C5」 holds all three), the year
(``2024``, ``2024年``) and the unit. The innermost folder that says something wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from dujian_docs.filing.states import UNFILED_LABEL
from dujian_docs.filing.unit_names import UnitNames, folded, separated, small
from dujian_docs.records.kinds import Unit

_Value = TypeVar("_Value")

_ABOVE = r"(?:a[1-9]\d?_?b[1-9]\d?_?)?"
_FILE_CODE = re.compile(rf"(?<![0-9a-z]){_ABOVE}c([1-9]\d?)_(\d\d)(?!\d)", re.ASCII)
_INDICATOR = re.compile(rf"(?<![0-9a-z]){_ABOVE}c([1-9]\d?)(?![0-9a-z])", re.ASCII)
_EXACT = re.compile(rf"_?{_ABOVE}c([1-9]\d?)_(\d\d)_((?:19|20)\d\d)(?:年度?)?_", re.ASCII)
_YEAR_FOLDER = re.compile(r"_?((?:19|20)\d\d)(?:年度?)?_?", re.ASCII)
_SCHOOL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:年?[_~至]+(?:19|20)?\d\d)?学年", re.ASCII)
_DIGIT_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?(?!\d)", re.ASCII)
_HAN_YEAR = re.compile(
    r"(?<![〇○零一二三四五六七八九])(一九|二[〇○零o0])([〇○零o0一二三四五六七八九]{2})(?=年)"
)
_HAN_DIGITS = str.maketrans("〇○零o一二三四五六七八九", "0000123456789")
_COPY = re.compile(r"[(\[【〔]?[复複]印件[)\]】〕]?")


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What the path of one file says; nothing here is judged against a filing list.

    ``codes`` are required-file codes, the file name's before the folders'; ``years`` and ``units`` (codes)
    are those in the file name, by place; ``folder_*`` come from the innermost folder that names any.
    ``year`` and ``unit`` are the single ones meant, None when open: of an exact name its fields, else the
    only one in the file name, else the folder's. ``exact`` says that the file name follows the rule.
    """

    path: str
    codes: tuple[str, ...]
    indicators: tuple[str, ...]
    years: tuple[int, ...]
    units: tuple[str, ...]
    folder_indicators: tuple[str, ...]
    folder_year: int | None
    folder_units: tuple[str, ...]
    year: int | None
    unit: str | None
    title: str
    extension: str
    is_copy: bool
    exact: bool
    in_inbox: bool

    @property
    def code(self) -> str | None:
        """The required-file code meant: the first of the file name, or of the innermost folder."""
        return self.codes[0] if self.codes else None

    @property
    def indicator(self) -> str | None:
        """The level-C indicator meant: of the folder, else of the file name; None when open."""
        for found in (self.folder_indicators, self.indicators):
            if found:
                return found[0]
        return self.codes[0].partition("-")[0] if self.codes else None


def read_name(path: str, units: UnitNames | Iterable[Unit]) -> NameFacts:
    """The facts in an archive path (``/`` between folders); pass ``UnitNames`` when reading many."""
    names = units if isinstance(units, UnitNames) else UnitNames.of(units)
    pure = PurePosixPath(path)
    extension = pure.suffix.lower().lstrip(".")
    stem = _COPY.sub("_", separated(pure.name.removesuffix(pure.suffix) if pure.suffix else pure.name))
    stem = re.sub("_{2,}", "_", stem)
    text = small(stem)
    folders = [folded(folder) for folder in reversed(pure.parts[:-1])]
    exact = _exact_fields(text, names)
    years = years_in(text)
    found = names.find(text)
    named_units = tuple(dict.fromkeys(span.code for span in found))
    folder_year = next((int(hit[1]) for one in folders if (hit := _YEAR_FOLDER.fullmatch(one))), None)
    folder_units = _first(tuple(dict.fromkeys(span.code for span in names.find(one))) for one in folders)
    codes = [*_file_codes(text), *(code for folder in folders for code in _file_codes(folder))]
    return NameFacts(
        path=path,
        codes=tuple(dict.fromkeys(codes)),
        indicators=_indicators(text),
        years=years,
        units=named_units,
        folder_indicators=_first(_indicators(one) for one in folders),
        folder_year=folder_year,
        folder_units=folder_units,
        year=exact.year if exact else _only(years) or (None if years else folder_year),
        unit=exact.unit if exact else _only(named_units) or (None if named_units else _only(folder_units)),
        title=stem[exact.end :].strip("_") if exact else _rest(stem, [(one.start, one.end) for one in found]),
        extension=extension,
        is_copy=bool(_COPY.search(separated(pure.name))),
        exact=exact is not None,
        in_inbox=UNFILED_LABEL in folders,
    )


def years_in(text: str) -> tuple[int, ...]:
    """The calendar years written in a folded text, each once, by place; school years are left out."""
    text = _SCHOOL_YEAR.sub("_", text)
    found = [(hit.start(), int(hit[1])) for hit in _DIGIT_YEAR.finditer(text)]
    found += [
        (hit.start(), int((hit[1] + hit[2]).translate(_HAN_DIGITS))) for hit in _HAN_YEAR.finditer(text)
    ]
    return tuple(dict.fromkeys(year for _, year in sorted(found)))


@dataclass(frozen=True, slots=True)
class _Fields:
    year: int
    unit: str
    end: int


def _exact_fields(text: str, names: UnitNames) -> _Fields | None:
    """The year and unit of a name that follows the rule, and where its title begins; else None."""
    head = _EXACT.match(text)
    unit = names.at_start(text[head.end() :]) if head else None
    return _Fields(int(head[3]), unit.code, head.end() + unit.end) if head and unit else None


def _file_codes(text: str) -> list[str]:
    return [f"C{hit[1]}-{hit[2]}" for hit in _FILE_CODE.finditer(text)]


def _indicators(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"C{hit[1]}" for hit in _INDICATOR.finditer(text)))


def _first(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return next((one for one in found if one), ())


def _only(found: tuple[_Value, ...]) -> _Value | None:
    return found[0] if len(found) == 1 else None


def _rest(stem: str, spans: Iterable[tuple[int, int]]) -> str:
    """A name's text with codes, years and units cut out: what is left to be a title."""
    cut: set[int] = set()
    for start, end in spans:
        cut.update(range(start, end))
    text = "".join("_" if place in cut else char for place, char in enumerate(stem))
    lower = small(text)
    for pattern in (_FILE_CODE, _INDICATOR, _DIGIT_YEAR):
        lower = pattern.sub(lambda hit: "_" * len(hit[0]), lower)
    kept = "".join(char if mark != "_" else "_" for char, mark in zip(text, lower, strict=True))
    return re.sub("_+", "_", kept).strip("_")
