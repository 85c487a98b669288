"""Settings: precedence, sources, and clear words for every wrong value."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs import settings
from dujian_docs.errors import DujianError, InputInvalid, UsageInvalid


def loaded(
    folder: Path,
    text: str = "",
    *,
    environment: dict[str, str] | None = None,
    overrides: dict[str, str] | None = None,
) -> settings.LoadedSettings:
    file = folder / settings.FILE_NAME
    file.write_text(text, encoding="utf-8")
    return settings.load(file, environment=environment or {}, overrides=overrides or {})


def source_of(result: settings.LoadedSettings, key: str) -> str:
    return next(row.source for row in result.rows() if row.key == key)


def test_command_line_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    text = '[index]\nengine = "whoosh"\n[office]\nname = "甲"\n'
    environment = {"DUJIAN_INDEX_ENGINE": "tantivy", "DUJIAN_OFFICE_SERIES": "云教督"}
    result = loaded(tmp_path, text, environment=environment, overrides={"index.engine": "auto"})
    assert result.settings.index.engine == "auto"
    assert source_of(result, "index.engine") == "命令行"
    assert result.settings.office.series == "云教督"
    assert source_of(result, "office.series") == "环境变量 DUJIAN_OFFICE_SERIES"
    assert result.settings.office.name == "甲"
    assert source_of(result, "office.name") == "dujian.toml"
    assert source_of(result, "archive.path") == "默认"


def test_text_from_outside_is_read_as_the_settings_type(tmp_path: Path) -> None:
    result = loaded(tmp_path, environment={"DUJIAN_INDEX_POLLING": "true", "DUJIAN_LIMITS_SECONDS": "5"})
    assert result.settings.index.polling is True
    assert result.settings.limits.seconds == 5.0


def test_every_setting_is_documented_in_the_written_file() -> None:
    text = settings.toml_text({})
    for row in settings.LoadedSettings(settings.Settings(), {}).rows():
        assert row.title in text
        assert row.description
        assert row.description in text
        assert row.key.partition(".")[2] + " = " in text


@given(
    st.dictionaries(
        st.sampled_from(["office.name", "office.cc", "archive.path"]),
        st.text(st.characters(exclude_categories=["Cs"])),
    )
)
def test_what_is_written_is_what_is_read(values: dict[str, str]) -> None:
    tree = tomllib.loads(settings.toml_text(values))
    for key, value in values.items():
        section, _, name = key.partition(".")
        assert tree[section][name] == value


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("[index]\nengin = 'auto'", UsageInvalid, ["index.engin", "index.engine"]),
        ("[index]\nengine = 'lucene'", InputInvalid, ["index.engine", "引擎", "lucene", "dujian.toml"]),
        ("[index\nengine=1", InputInvalid, ["第 1 行", "双引号"]),
        ("[limits]\nseconds = -1", InputInvalid, ["limits.seconds", "-1"]),
        ("office = 3", UsageInvalid, ["office"]),
    ],
)
def test_a_wrong_file_is_named_with_key_and_remedy(
    tmp_path: Path, text: str, kind: type[DujianError], words: list[str]
) -> None:
    with pytest.raises(kind) as caught:
        loaded(tmp_path, text)
    for word in words:
        assert word in str(caught.value)


def test_a_file_in_gbk_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / settings.FILE_NAME).write_bytes('[office]\nname = "督导室"'.encode("gbk"))
    with pytest.raises(InputInvalid, match="UTF-8"):
        settings.load(tmp_path / settings.FILE_NAME, environment={}, overrides={})


def test_a_byte_order_mark_from_notepad_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / settings.FILE_NAME).write_text('\ufeff[office]\nname = "督导室"', encoding="utf-8")
    result = settings.load(tmp_path / settings.FILE_NAME, environment={}, overrides={})
    assert result.settings.office.name == "督导室"
