"""What is due as a calendar file (RFC 5545), which phones and office programs take in. Speaks icalendar."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from dujian_docs.supervision.deadlines import DueLine, DueList

_REMINDERS = (7, 3, 1)
"""Days before, as offices remind; each only while it lies ahead."""


def calendar_file(due: DueList, *, office: str, made: datetime) -> bytes:
    """One all-day event for each deadline; taken in again it replaces the former, by its UID."""
    calendar = Calendar()
    calendar.add("prodid", "-//dujian-docs//督检文档//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{office}到期事项" if office else "到期事项")
    for line in due.lines:
        calendar.add_component(_event(line, made))
    return bytes(calendar.to_ical())


def _event(line: DueLine, made: datetime) -> Event:
    one = line.deadline
    event = Event()
    identity = hashlib.sha256(f"{one.kind}\0{one.code}\0{one.what}".encode()).hexdigest()[:32]
    event.add("uid", f"{identity}@dujian-docs")
    event.add("dtstamp", made)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", f"【{one.kind}】{one.what}")
    told = (f"责任方：{line.owner}", f"编号：{one.code}", one.note)
    event.add("description", "\n".join(filter(None, told)))
    event.add("transp", "TRANSPARENT")
    for days in (days for days in _REMINDERS if days < line.days):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"还有 {days} 天：{one.what}")
        alarm.add("trigger", timedelta(days=-days, hours=9))
        event.add_component(alarm)
    return event
