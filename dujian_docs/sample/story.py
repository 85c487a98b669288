"""The demonstration: the whole chain played on the invented county, and a one-page summary of what happened."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from dujian_docs import workspace as verbs
from dujian_docs.errors import ArchiveConflict
from dujian_docs.sample.county import OFFICE, lay_out_inputs, truth_of, write_county_archive
from dujian_docs.workspace import Report, Wanted, Workspace

MARKER = ".dujian-demo"
DAY = datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=8)))
"""When the demonstration plays, so that it comes out the same whenever it is run."""

INSPECTION = "督导活动/DD2026-05"
QUERIES = ("双减", "責任督學 掛牌", "学校标准化", "三个增长", "云教督2026 1号")
