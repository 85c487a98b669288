"""What a query may ask of a file besides its text: where it lies, its type, its date, its state. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal

from indexer.model import State

Kind = Literal["path", "type", "date", "state"]
STATE_WORDS = {
    "已收录": State.INDEXED,
    "没有文字": State.EMPTY,
    "有密码": State.ENCRYPTED,
    "加密": State.ENCRYPTED,
    "已损坏": State.CORRUPT,
    "损坏": State.CORRUPT,
    "没有读取": State.REFUSED,
    "待文字识别": State.PENDING_OCR,
    "待识别": State.PENDING_OCR,
}
"""What people call a state; its English name does as well."""
_BETWEEN = re.compile(r"\.{2,}|~|至")
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)年?(?:[-/.]?(?P<month>\d{1,2})月?(?:[-/.]?(?P<day>\d{1,2})日?)?)?", re.ASCII
)


class FilterInvalid(ValueError):
    """The value of a filter means nothing: a problem, its remedy, and where in the value."""

    def __init__(self, problem: str, remedy: str, at: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.at = at


@dataclass(frozen=True, slots=True)
class Properties:
    """What filters and facets look at; ``date`` is the file's own, else of its last change (ISO 8601)."""

    id: str
    path: str
    date: str
    state: State

    @property
    def type(self) -> str:
        """The ending of the name, small and without the dot; empty when there is none."""
        return PurePosixPath(self.path).suffix[1:].lower()


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: ``values`` are patterns for paths and types, states, or the first and last day."""

    kind: Kind
    values: tuple[str, ...]

    def passes(self, file: Properties) -> bool:
        """Whether the file is one that is asked for."""
        match self.kind:
            case "path":
                return bool(_path_pattern(self.values[0]).search("/" + folded(file.path)))
            case "type":
                return passes_type(self, file.type)
            case "date":
                return self.values[0] <= file.date[:10] <= self.values[1]
            case _:
                return file.state in self.values


def filter_of(kind: Kind, value: str) -> Filter:
    """The condition that ``value`` puts on a file.

    Raises:
        FilterInvalid: it puts none.
    """
    match kind:
        case "path":
            return Filter(kind, (_path_value(value),))
        case "type":
            return Filter(kind, _types(value))
        case "date":
            return Filter(kind, _days(value))
        case _:
            return Filter(kind, (_state(value).value,))


def _path_value(value: str) -> str:
    plain = folded(value.replace("\\", "/"))
    if not plain.strip("/*? "):
        raise FilterInvalid("路径里没有文件夹或文件的名称", "写上文件夹的名称，如 path:2024年材料")
    return plain


def passes_type(one: Filter, ending: str) -> bool:
    """Whether a filter of types lets files with this ending through."""
    return any(_glob(value).fullmatch(ending) for value in one.values)


def passes_folder(one: Filter, folder: str) -> bool:
    """Whether a filter of paths lets all files in ``folder`` through, which is empty for the archive."""
    return bool(_path_pattern(one.values[0]).search(f"/{folded(folder)}/" if folder else "/"))


def hint_of(one: Filter) -> str:
    """What must stand in the folded name of a file for a filter of paths to let it through; may be empty.

    Holds for files whose folder is not let through as a whole.
    """
    last = one.values[0].strip("/").rpartition("/")[2]
    return max(re.split(r"[*?]+", last), key=len)


@lru_cache(maxsize=256)
def _path_pattern(value: str) -> re.Pattern[str]:
    """Found in a path with ``/`` before it: from the beginning of some folder's or file's name on.

    A ``/`` in front stands for the archive itself, one behind ends the folder's name. With wildcards the
    pattern reaches to the end of a name; ``*`` and ``?`` stay within one name, ``**`` does not.
    """
    begin = "^" if value.startswith("/") else "/"
    body = value.strip("/")
    end = "/" if value.endswith("/") else "(?=/|$)" if re.search(r"[*?]", body) else ""
    return re.compile(f"{begin}{'/' if begin == '^' else ''}{_wild(body)}{end}")


def _wild(value: str) -> str:
    parts = re.split(r"(\*\*|\*|\?)", value)
    return "".join({"**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part)) for part in parts)


@lru_cache(maxsize=256)
def _glob(value: str) -> re.Pattern[str]:
    return re.compile(_wild(value))


def _types(value: str) -> tuple[str, ...]:
    found = tuple(one for part in re.split("[,、，]", value) if (one := folded(part).strip().lstrip("*.")))
    if not found:
        raise FilterInvalid("没有写文件类型", "写上扩展名，如 ext:docx 或 ext:doc,docx")
    return found


def _state(value: str) -> State:
    known = {**STATE_WORDS, **{state.value: state for state in State if state is not State.VANISHED}}
    found = known.get(folded(value))
    if found is None:
        names = "、".join(dict.fromkeys(word for word in STATE_WORDS))
        raise FilterInvalid(f"没有“{value}”这种状态", f"可以写 {names}")
    return found


def _days(value: str) -> tuple[str, str]:
    """The first and the last day of a date, a month, a year, or what lies between two of them."""
    plain = unicodedata.normalize("NFKC", value).strip()
    between = _BETWEEN.search(plain)
    if between is None:
        return _period(plain, 0)
    first, last = plain[: between.start()], plain[between.end() :]
    if not first and not last:
        raise FilterInvalid("没有写日期", "写成 date:2023..2024-06")
    begin = _period(first, 0)[0] if first else dt.date.min.isoformat()
    end = _period(last, between.end())[1] if last else dt.date.max.isoformat()
    if begin > end:
        raise FilterInvalid("起始日期在截止日期之后", "把早的写在前面，如 date:2023..2024-06")
    return begin, end


def _period(text: str, at: int) -> tuple[str, str]:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise FilterInvalid(f"看不懂日期“{text}”", "写成 2024、2024-06 或 2024-06-05", at)
    year, month, day = (int(found[name] or 0) for name in ("year", "month", "day"))
    try:
        last_day = calendar.monthrange(year, month or 12)[1]
        first = dt.date(year, month or 1, day or 1)
        last = dt.date(year, month or 12, day or last_day)
    except ValueError as fault:
        raise FilterInvalid(f"没有“{text}”这一天", "写成 2024、2024-06 或 2024-06-05", at) from fault
    return first.isoformat(), last.isoformat()


def folded(text: str) -> str:
    """The text in half width and small letters."""
    return unicodedata.normalize("NFKC", text).casefold()
