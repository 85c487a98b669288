"""A corrected copy has what was safe to change changed, and nothing else."""

from __future__ import annotations

import io
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dujian_docs.linting import corrected, lint, read
from tests.dujian_docs.linting.papers import MAIN, changed, letter_home, printed, report

WRONG = (
    ("云教督〔2026〕3号", "云教督[2026]第03号"),
    ("各有关学校：", "各有关学校:"),
    ("三、督导内容", "三.督导内容"),
    ("为全面了解全县", "为布署,了解全县"),
    ("“双减”工作", '"双减"工作'),
    ("专项督导的通知<", "专项督导的通知。<"),
    ("县教育体育局。</w:t>", "县教育体育局</w:t>"),
)


def _wrong() -> bytes:
    content = printed("notice_inspection")
    for right, wrong in WRONG:
        content = changed(content, MAIN, right, wrong)
    return content


def test_what_is_safe_is_corrected_and_the_rest_of_the_file_stays() -> None:
    content = _wrong()
    before = report(content)
    after, settled = corrected(content, before.findings)
    assert settled >= len(WRONG)
    assert not [one for one in report(after).findings if one.edits]
    texts = [line.said for line in read(after).said]
    assert "云教督〔2026〕3号" in texts
    assert "三、督导内容" in texts
    assert any("为部署，了解全县" in text for text in texts)
    assert any("“双减”工作" in text for text in texts)
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert old.namelist() == new.namelist()
        assert [name for name in old.namelist() if old.read(name) != new.read(name)] == [MAIN]


def test_each_character_keeps_its_look() -> None:
    after, _ = corrected(_wrong(), report(_wrong()).findings)
    looks = {line.number: line.first_look for line in read(printed("notice_inspection")).said}
    assert {line.number: line.first_look for line in read(after).said} == looks


def test_nothing_to_change_changes_nothing() -> None:
    content = printed("notice_inspection")
    after, settled = corrected(content, report(content).findings)
    assert settled == 0
    assert [line.text for line in read(after).lines] == [line.text for line in read(content).lines]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.text("甲乙丙部份己经,;:.()（）“”\"'…。，、《》〔2026〕１２ab -", min_size=1, max_size=24),
        min_size=1,
        max_size=4,
    )
)
def test_any_words_come_through_a_correction(texts: list[str]) -> None:
    content = letter_home(*texts)
    before = lint(read(content), official=False)
    after, settled = corrected(content, before.findings)
    again = lint(read(after), official=False)
    assert len(read(after).lines) == len(read(content).lines)
    assert settled <= len(before.findings)
    fixable = sum(len(one.edits) > 0 for one in before.findings)
    assert sum(len(one.edits) > 0 for one in again.findings) < max(fixable, 1)
