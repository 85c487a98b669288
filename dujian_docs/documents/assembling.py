"""The values of a document by its genre's recipes, each with its origins; pure over one state of the records.

What is missing stays empty: a phrase of which one 【…】 is empty is empty itself, and ``fields.checked`` then
says which field lacks what. Nothing is made up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dujian_docs.documents.declaring import declared_origins
from dujian_docs.documents.fields import Context, Field, FieldKind, Origin, Row, Source, Value
from dujian_docs.documents.frame import FRAMES
from dujian_docs.documents.genre_plan import FieldPlan, Layout
from dujian_docs.documents.genres import ORDINALS, Genre
from dujian_docs.documents.itemising import items
from dujian_docs.documents.reading import Reader, column_called, shown
from dujian_docs.documents.sets import SetReader
from dujian_docs.errors import InputInvalid, TemplateInvalid
from dujian_docs.records import Record
from dujian_docs.wording import chinese_date, joined, numeral

_PLACEHOLDER = re.compile(r"【([^【】]{1,40})】")
TODAY_WORDS = ("今天", "今年", "本机关")


@dataclass(frozen=True, slots=True)
class Assembled:
    """The values of a document, and of each the origins."""

    values: Context
    origins: Mapping[str, tuple[Origin, ...]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a document is made from besides its records.

    ``frame`` are the values of settings and calendar, ``built`` those of the genre's Python context,
    ``typed`` what was filled in by hand, by field name; ``author`` who typed it.
    """

    frame: Context
    built: Context
    typed: Mapping[str, str]
    today: date
    office: str
    author: str = ""


def assembled(genre: Genre, record: Record | None, reader: Reader, given: Given) -> Assembled:
    """Every value that can be had; empty ones are left out.

    Raises:
        TemplateInvalid: a recipe names a column, a set, a phrase or a label that is not there.
    """
    work = _Assembly(genre, record, reader, given)
    for plan in genre.field_plans:
        work.value(plan)
    values: dict[str, Value] = {**given.frame, **given.built}
    origins: dict[str, tuple[Origin, ...]] = {}
    for name, (value, found) in work.done.items():
        if value:
            values[name] = value
            origins[name] = found
    planned = {plan.name for plan in genre.field_plans}
    for entry in genre.fields:
        typed = given.typed.get(entry.name, "").strip()
        if typed and entry.name not in planned:  # a field of the layout: 附注, 密级 …
            lines = tuple(line.strip() for line in typed.splitlines() if line.strip())
            values[entry.name] = joined(lines) if entry.kind is FieldKind.TEXT else lines
            origins[entry.name] = (Origin(Source.BY_HAND, given.author, entry.label),)
        if entry.name in values and entry.name not in origins:
            origins[entry.name] = _of_frame(entry) or declared_origins(entry, genre, record, reader)
    return Assembled({f.name: values[f.name] for f in genre.fields if f.name in values}, origins)


def _of_frame(entry: Field) -> tuple[Origin, ...]:
    """Where a value comes from that the calendar or the register gives; nothing for others."""
    by_itself = entry.source is Source.COMPUTED and entry in FRAMES[Layout.RED_HEAD]
    return (Origin(Source.COMPUTED, "签发时", entry.where),) if by_itself else ()


@dataclass(slots=True)
class _Assembly:
    """One document on its way; a field is worked out when it, or a phrase that names it, needs it."""

    genre: Genre
    record: Record | None
    reader: Reader
    given: Given
    done: dict[str, tuple[Value, tuple[Origin, ...]]] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)

    def value(self, plan: FieldPlan) -> tuple[Value, tuple[Origin, ...]]:
        """The field's value, empty when it cannot be had."""
        if plan.name in self.done:
            return self.done[plan.name]
        if plan.name in self.under_way:
            raise self._fault(f"“{plan.label}”绕回了它自己", "检查用语里的【】")
        self.under_way.add(plan.name)
        found = self._made(plan)
        self.under_way.discard(plan.name)
        self.done[plan.name] = found
        return found

    def _made(self, plan: FieldPlan) -> tuple[Value, tuple[Origin, ...]]:
        typed = self.given.typed.get(plan.name, "").strip()
        by_hand = (Origin(Source.BY_HAND, self.given.author, plan.label),)
        if typed and plan.name not in self.given.built:
            return _typed_value(plan, typed), by_hand
        if plan.name in self.given.built and not plan.phrase:
            value = self.given.built[plan.name]
            if typed:
                return value, by_hand
            declared = self._path(plan.path)[1] if plan.path else ()
            entry = self.genre.field(plan.name)
            return value, declared or declared_origins(entry, self.genre, self.record, self.reader)
        if not plan.given:
            held = self.given.frame.get(plan.name)
            if not held:
                return _empty(plan), ()
            entry = self.genre.field(plan.name)
            return held, declared_origins(entry, self.genre, self.record, self.reader)
        if plan.columns and plan.each:
            return self._rows(plan)
        texts, origins = self._texts(plan)
        return _as_kind(plan, texts), origins

    def _texts(self, plan: FieldPlan) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
        if plan.path:
            return self._path(plan.path)
        if plan.phrase:
            return self._phrase(plan.phrase)
        if plan.group:
            return self._groups(plan)
        if plan.each:
            return self._lines(plan)
        return self._figure(plan)

    def _path(self, path: str) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
        if self.record is None:
            raise self._fault(f"“{path}”没有来源记录", "在 genre.toml 里写明 record")
        found = self.reader.at(self.record, path)
        return found.texts, found.origins

    def _phrase(
        self, name: str, row: Record | None = None, **own: str
    ) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
        origins = [Origin(Source.PHRASE, self.genre.phrases.file, name)]
        filled = []
        for text in self.genre.phrases.raw(name):
            parts = {word: self._part(word, row, own, origins) for word in _PLACEHOLDER.findall(text)}
            if all(parts.values()):
                filled.append(_filled(text, parts))
        return tuple(filled), tuple(dict.fromkeys(origins)) if filled else ()

    def _part(self, word: str, row: Record | None, own: Mapping[str, str], origins: list[Origin]) -> str:
        """The text of a 【word】: this line's, its record's, a field's by its label, or the main record's.

        In the phrase of the field called so, the word is the main record's column.
        """
        if word in own:
            return own[word]
        step = word.partition(".")[0].partition("~")[0]
        if row is not None and _has(row, step):
            found = self.reader.at(row, word)
            origins.extend(found.origins)
            return joined(found.texts)
        for plan in self.genre.field_plans:
            own_column = plan.name in self.under_way and self.record is not None and _has(self.record, step)
            if plan.label == word and not own_column:
                value, from_where = self.value(plan)
                origins.extend(from_where)
                return _as_text(value)
        for entry in self.genre.fields:
            if entry.label == word and entry.name in self.given.frame:
                return _as_text(self.given.frame[entry.name])
        if self.record is not None and _has(self.record, step):
            found = self.reader.at(self.record, word)
            origins.extend(found.origins)
            return joined(found.texts)
        if word in TODAY_WORDS:
            return {
                "今天": chinese_date(self.given.today),
                "今年": str(self.given.today.year),
                "本机关": self.given.office,
            }[word]
        raise self._fault(f"用语里的【{word}】填不了", "写某个字段的名称，或来源记录的栏目")

    def _set(self, name: str) -> tuple[Record, ...]:
        if name not in self.genre.sets:
            raise self._fault(f'没有 [sets."{name}"]', f"已有的有：{'、'.join(self.genre.sets) or '（无）'}")
        labels = {plan.label: self.given.typed.get(plan.name, "") for plan in self.genre.field_plans}
        return SetReader(self.reader, self.record, labels, self.given.today).records(self.genre.sets[name])

    def _lines(self, plan: FieldPlan) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
        texts: list[str] = []
        origins: list[Origin] = []
        for number, row in enumerate(self._set(plan.each), start=1):
            found, where = self._phrase(plan.line, row, **{ORDINALS[0]: str(number)})
            texts.extend(found)
            origins.extend(where)
        return tuple(texts), tuple(dict.fromkeys(origins))

    def _rows(self, plan: FieldPlan) -> tuple[Value, tuple[Origin, ...]]:
        if not isinstance(plan.columns, Mapping):
            raise self._fault(f"“{plan.label}”的 columns 没有写来源", 'columns = {name = "栏目", …}')
        rows: list[Row] = []
        origins: list[Origin] = []
        for number, record in enumerate(self._set(plan.each), start=1):
            row: dict[str, str] = {}
            for name, path in plan.columns.items():
                if path in ORDINALS:
                    row[name] = str(number) if path == ORDINALS[0] else numeral(number)
                    continue
                found = self.reader.at(record, path)
                row[name] = joined(found.texts)
                origins.extend(found.origins)
            rows.append(row)
        return tuple(rows), tuple(dict.fromkeys(origins))

    def _groups(self, plan: FieldPlan) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
        records = self._set(plan.each)
        counted: Counter[str] = Counter()
        origins: list[Origin] = []
        for record in records:
            found = self.reader.at(record, plan.group)
            counted[joined(found.texts)] += 1
            origins.extend(found.origins)
        texts: list[str] = []
        for value, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
            line, _ = self._phrase(plan.line, None, 值=value, 件数=str(count))
            texts.extend(line if value else ())
        phrase = Origin(Source.PHRASE, self.genre.phrases.file, plan.line)
        return tuple(texts), (phrase, *dict.fromkeys(origins))

    def _figure(self, plan: FieldPlan) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
        if plan.ratio:
            return self._ratio(plan.ratio)
        name, _, column = (plan.count or plan.total or plan.distinct).partition(".")
        records = self._set(name)
        if plan.count:
            return (str(len(records)),), tuple(self.reader.origin(record, "") for record in records)
        found = [self.reader.at(record, column) for record in records]
        origins = tuple(dict.fromkeys(origin for one in found for origin in one.origins))
        if plan.distinct:
            return (str(len({text for one in found for text in one.texts})),), origins
        numbers = [value for one in found for value in one.raw if isinstance(value, int | float)]
        return ((shown(round(float(sum(numbers)), 6)),) if numbers else ()), origins

    def _ratio(self, labels: Sequence[str]) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
        """The first over the second in per cent with one decimal; nothing over 0."""
        origins: list[Origin] = []
        part, whole = (self._part(label, None, {}, origins) for label in labels)
        if not part or not whole or float(whole) == 0:
            return (), ()
        percent = f"{float(part) / float(whole) * 100:.1f}".removesuffix(".0")
        return (f"{percent}%",), tuple(dict.fromkeys(origins))

    def _fault(self, problem: str, remedy: str) -> TemplateInvalid:
        return TemplateInvalid(f"文种“{self.genre.title}”：{problem}", remedy=remedy)


def _filled(text: str, parts: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], text)


def _has(record: Record, title: str) -> bool:
    try:
        column_called(title, type(record))
    except TemplateInvalid:
        return False
    return True


def _typed_value(plan: FieldPlan, typed: str) -> Value:
    """What was typed, as the kind wants it: a line for each item, cells parted by ``｜``, ``|`` or tab."""
    lines = tuple(line.strip() for line in typed.replace("\r", "\n").split("\n") if line.strip())
    if plan.kind is FieldKind.ROWS:
        names = tuple(plan.columns)
        rows = []
        for number, line in enumerate(lines, start=1):
            cells = [cell.strip() for cell in re.split(r"[|｜\t]", line)]
            if names[:1] == ("number",) and len(cells) == len(names) - 1:
                cells.insert(0, str(number))
            if len(cells) != len(names):
                raise InputInvalid(
                    f"“{plan.label}”第 {number} 行有 {len(cells)} 格，应有 {len(names)} 格",
                    remedy="一行一条，各格之间用“|”隔开",
                )
            rows.append(dict(zip(names, cells, strict=True)))
        return tuple(rows)
    return _as_kind(plan, lines)


def _as_kind(plan: FieldPlan, texts: Sequence[str]) -> Value:
    match plan.kind:
        case FieldKind.TEXT:
            return joined(texts)
        case FieldKind.FLAG:
            return bool(texts) and texts[0] not in {"否", "0"}
        case FieldKind.ITEMS:
            return items(texts)
        case FieldKind.ROWS:
            raise TemplateInvalid(f"“{plan.label}”是表格，要写 each 和 columns", remedy="改 genre.toml")
        case _:
            return tuple(texts)


def _as_text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    return joined("".join(one.values()) if isinstance(one, Mapping) else one for one in value)


def _empty(plan: FieldPlan) -> Value:
    if plan.kind is FieldKind.FLAG:
        return False
    return "" if plan.kind is FieldKind.TEXT else ()
