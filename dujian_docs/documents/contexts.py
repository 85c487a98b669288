"""From records to the values of a document: pure functions, one for each kind of source.

Wording comes from the genre's ``phrases.toml``; what is missing stays empty here and is reported by
``fields.checked`` with its label and where to fill it in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import TypeAdapter, ValidationError

from dujian_docs.documents.fields import Context, Row, Value
from dujian_docs.documents.genre_plan import Layout
from dujian_docs.documents.genres import Phrases
from dujian_docs.documents.itemising import items, without_number
from dujian_docs.documents.office import Office
from dujian_docs.errors import InputInvalid
from dujian_docs.records import Inspection, InspectionMode, Person, Unit
from dujian_docs.records.fields import Day
from dujian_docs.wording import chinese_date, chinese_span, joined, one_line

_DAY: TypeAdapter[date] = TypeAdapter(Day)


@dataclass(frozen=True, slots=True)
class InspectionFacts:
    """An inspection with the records it names, in the inspection's order."""

    inspection: Inspection
    units: tuple[Unit, ...]
    leader: Person | None
    members: tuple[Person, ...]
    contact: Person | None
    workplaces: Mapping[str, str]
    """Names of units by code, for those the persons belong to."""


@dataclass(frozen=True, slots=True)
class ChasedGap:
    """A gap (缺件) as a chasing notice lists it; ``state`` is the check's Chinese word for it.

    ``file`` is the name of the file that is nearly the one, if any; ``next_step`` is what to do where the
    genre's phrases have nothing to ask in this state.
    """

    code: str
    title: str
    year: int
    state: str
    next_step: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class GapFacts:
    """A unit and its gaps of one filing list."""

    unit: Unit
    filing_list_title: str
    gaps: tuple[ChasedGap, ...]


def office_values(office: Office, today: date, cc: str, layout: Layout = Layout.RED_HEAD) -> Context:
    """What every document takes from the settings and the calendar; a letter's 标志 is the bare name."""
    return {
        "letterhead": office.name if layout is Layout.LETTER else office.mark,
        "signer": office.signer,
        "issuer": office.name,
        "sealed": office.sealed,
        "cc": cc.strip().rstrip("。．.；;，,"),
        "printer": office.printed_by,
        "doc_date": chinese_date(today),
        "print_date": chinese_date(today),
        "contact": office.contact,
        "phone": office.phone,
    }


def inspection_values(facts: InspectionFacts, phrases: Phrases, by_hand: Mapping[str, str]) -> Context:
    """The values of a notice of inspection.

    Raises:
        InputInvalid: the inspection is unannounced (四不两直), so that nobody may be told; or the schedule
            given by hand leaves a unit out.
    """
    inspection = facts.inspection
    if inspection.mode is InspectionMode.UNANNOUNCED:
        raise InputInvalid(
            f"“{inspection.title}”是四不两直督导，不发通知，也不得事先告知被督导单位",
            remedy="督导方式填错了就先改督导活动的“督导方式”；需要布置内部工作时另拟工作方案",
        )
    title = one_line(inspection.title)
    values: dict[str, Value] = {
        "title": phrases.text("标题", 活动名称=title),
        "main_to": main_to(facts.units, phrases),
        "targets": joined(unit.name for unit in facts.units),
        "contents": items(inspection.contents),
        "methods": items(inspection.methods or phrases.lines("督导方法")),
        "requirements": items(inspection.requirements or phrases.lines("有关要求")),
        "materials": _numbered_names(inspection.materials),
        "team_members": _team_rows(facts),
        "schedule": _schedule(facts, phrases, by_hand.get("schedule", "")),
        "team": _team_sentence(facts, phrases, dated=bool(by_hand.get("schedule")) or _one_day(inspection)),
    }
    if inspection.purpose:
        purpose = one_line(inspection.purpose).rstrip("。，,；;. ")
        values["opening"] = phrases.text("缘由", 缘由=purpose, 活动名称=title)
    if inspection.start_date:
        values["period"] = chinese_span(inspection.start_date, inspection.end_date)
    if facts.contact:
        values["contact"], values["phone"] = facts.contact.name, facts.contact.phone
    return {name: value for name, value in values.items() if value}


def chasing_values(facts: GapFacts, phrases: Phrases, by_hand: Mapping[str, str], today: date) -> Context:
    """The values of a chasing notice.

    Raises:
        InputInvalid: there is nothing to chase, or the time limit given by hand is over or no date.
    """
    if not facts.gaps:
        raise InputInvalid(f"{facts.unit.name}没有缺件，不用催报", remedy="先运行 dujian check 看核验结果")
    count = str(len(facts.gaps))
    limit = _time_limit(phrases, by_hand.get("deadline_sentence", ""), today)
    return {
        "title": phrases.text("标题", 目录名称=facts.filing_list_title),
        "main_to": facts.unit.name,
        "opening": phrases.text("缘由", 目录名称=facts.filing_list_title),
        "summary": phrases.text("未齐情况", 日期=chinese_date(today), 件数=count),
        "kinds": items(_kinds_of_gaps(facts.gaps, phrases)),
        "requirements": items(phrases.lines("报送要求")),
        "deadline_sentence": phrases.text("报送时限", 期限=chinese_date(limit)),
        "gaps": tuple(_gap_row(number, gap, phrases) for number, gap in enumerate(facts.gaps, start=1)),
    }


def main_to(units: Sequence[Unit], phrases: Phrases) -> str:
    """The 主送: the units by name while they are few, else the collective terms of their types."""
    if len(units) <= phrases.number("主送最多列名"):
        return joined(unit.name for unit in units)
    types = dict.fromkeys(unit.unit_type.value for unit in units)
    return joined(phrases.text(f"主送{word}") for word in types)


def _one_day(inspection: Inspection) -> bool:
    return inspection.start_date is not None and inspection.end_date in {None, inspection.start_date}


def _team_sentence(facts: InspectionFacts, phrases: Phrases, *, dated: bool) -> str:
    if facts.leader is None:
        return ""
    name = "分组有组员" if facts.members else "分组无组员"
    members = joined(person.name for person in facts.members)
    parts = {"组长": facts.leader.name} | ({"组员": members} if members else {})
    return phrases.text(name, **parts) + ("" if dated else phrases.text("日程说明"))


def _team_rows(facts: InspectionFacts) -> tuple[Row, ...]:
    named = ([("组长", facts.leader)] if facts.leader else []) + [
        ("组员", person) for person in facts.members
    ]
    return tuple(
        {"role": role, "name": person.name, "post": f"{facts.workplaces.get(person.unit, '')}{person.post}"}
        for role, person in named
    )


def _schedule(facts: InspectionFacts, phrases: Phrases, typed: str) -> tuple[Row, ...]:
    """The schedule as typed; else the units in order, with the day where there is only one."""
    if typed.strip():
        return _typed_schedule(facts.units, typed)
    first = facts.inspection.start_date
    day = chinese_date(first) if first and _one_day(facts.inspection) else phrases.text("日程未定")
    return tuple(
        {"number": str(number), "day": day, "target": unit.name}
        for number, unit in enumerate(facts.units, start=1)
    )


def _typed_schedule(units: Sequence[Unit], typed: str) -> tuple[Row, ...]:
    rows: list[Row] = []
    for line in re.split(r"[\n；;]+", typed):
        day, colon, target = line.replace(":", "：").partition("：")
        if not line.strip():
            continue
        if not colon or not day.strip() or not target.strip():
            raise InputInvalid(f"日程“{line.strip()}”看不懂", remedy="每行写成“3月9日：甲小学、乙小学”")
        rows.append({"number": str(len(rows) + 1), "day": day.strip(), "target": target.strip()})
    left_out = [unit.name for unit in units if not any(unit.name in row["target"] for row in rows)]
    if left_out:
        raise InputInvalid(f"日程里没有排到：{joined(left_out)}", remedy="补上这些单位，名称写全称")
    return tuple(rows)


def _numbered_names(lines: Sequence[str]) -> tuple[Row, ...]:
    texts = [text for line in lines if (text := without_number(line).rstrip("。；;，,"))]
    return tuple({"number": str(number), "name": text} for number, text in enumerate(texts, start=1))


def _kinds_of_gaps(gaps: Sequence[ChasedGap], phrases: Phrases) -> tuple[str, ...]:
    counted = Counter(gap.state for gap in gaps)
    found = []
    for state, count in counted.items():
        own = f"状态{state}" in phrases.texts
        parts = {"件数": str(count)} | ({} if own else {"状态": state})
        found.append(phrases.text(f"状态{state}" if own else "状态其他", **parts))
    return tuple(found)


def _gap_row(number: int, gap: ChasedGap, phrases: Phrases) -> Row:
    asked = f"办法{gap.state}"
    step = gap.next_step
    if asked in phrases.texts:
        step = phrases.text(asked, 年份=str(gap.year), 文件=gap.file or gap.title)
    return {
        "number": str(number),
        "code": gap.code,
        "title": one_line(gap.title),
        "year": str(gap.year),
        "state": gap.state,
        "next_step": one_line(step),
    }


def _time_limit(phrases: Phrases, typed: str, today: date) -> date:
    if not typed.strip():
        return today + timedelta(days=phrases.number("期限天数"))
    try:
        limit: date | None = _DAY.validate_python(typed)
    except ValidationError:
        limit = None
    if limit is None or limit <= today:
        raise InputInvalid(f"报送时限“{typed}”不对", remedy="写成今天以后的日期，如 2026年3月20日")
    return limit
