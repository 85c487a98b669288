"""The report on a terminal: widths, wrapping, and characters that must not act."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.filing import ExpectationState
from dujian_docs.readiness import GapReport, as_table
from dujian_docs.readiness.display import columns, fitted, shown, wrapped


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_too_wide(report: GapReport, width: int) -> None:
    for full in (False, True):
        lines = as_table(report, width=width, full=full).splitlines()
        assert max(columns(line) for line in lines) <= width


def test_the_table_says_states_reasons_and_next_steps(report: GapReport) -> None:
    text = as_table(report)
    assert "\n应备7件：齐1、缺2、年份不符1、位置不对1、打不开1、疑似1；目录外1、待归档1\n" in text
    assert "放在 C2 的文件夹里，应在 C1 的文件夹里" in text
    assert "原文：关于2026年督查通报的说明" in text
    assert "下一步：去掉密码后重新提供" in text
    assert "“缺”的件请责任单位补交" in text
    assert "请县财政局提供" not in text
    assert "请县财政局提供" in as_table(report, full=True)


def test_columns_line_up(report: GapReport) -> None:
    heads = [
        found[0] for line in as_table(report).splitlines() if (found := re.match(r"  .+ 20\d\d  ", line))
    ]
    assert len(heads) == 6
    assert {columns(head) for head in heads} == {24}


def test_a_long_list_is_cut_and_counted(report: GapReport) -> None:
    assert "……另有 4 件" in as_table(report, most=2)
    assert "另有" not in as_table(report)


def test_nothing_missing_is_said(report: GapReport) -> None:
    none = dict.fromkeys(report.total.counts, 0)
    met = replace(report, rows=(), total=replace(report.total, counts=none | {ExpectationState.PRESENT: 3}))
    assert "全部齐备。" in as_table(met)
    empty = replace(report, rows=(), total=replace(report.total, counts=none))
    assert "全部齐备" not in as_table(empty), "of nothing it cannot be said"
    assert "没有应备件" in as_table(empty)


def test_a_file_name_cannot_command_the_terminal(report: GapReport) -> None:
    text = as_table(report)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "□[31m□.pdf" in text.replace("\n           ", "").replace("\n  ", "")


@given(st.text(max_size=200), st.integers(4, 100))
def test_wrapping_keeps_every_visible_character(text: str, width: int) -> None:
    plain = shown(text)
    lines = list(wrapped(plain, width))
    assert "".join("".join(lines).split()) == "".join(plain.split())
    assert all(columns(line) <= width for line in lines)


@given(st.text(max_size=80), st.integers(4, 40))
def test_a_field_is_as_wide_as_asked(text: str, width: int) -> None:
    assert columns(fitted(shown(text), width)) in {width, width - 1}


@given(st.text())
def test_what_is_shown_has_no_control_characters(text: str) -> None:
    assert shown(text).isprintable() or any(char in "\u00a0\u3000\u2000" or ord(char) > 0x7F for char in text)
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown(text))
