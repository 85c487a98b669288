"""Genre folders: found by any of their names, and every fault named with its file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dujian_docs.documents import genre_of, genres, shipped_templates
from dujian_docs.documents.genres import Genre, Phrases
from dujian_docs.errors import TemplateInvalid, UsageInvalid


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An office's own templates folder with a copy of the notice of inspection."""
    shutil.copytree(shipped_templates() / "notice_inspection", tmp_path / "templates" / "notice_inspection")
    return tmp_path / "templates"


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_genres() -> None:
    found = {genre.name: genre for genre in genres([shipped_templates()])}
    assert set(found) >= {"notice_inspection", "notice_chasing"}
    assert found["notice_inspection"].title == "督导检查通知"
    assert all(field.label and field.where for genre in found.values() for field in genre.fields)


@pytest.mark.parametrize("word", ["通知", "督导检查通知", "notice_inspection", " 通知 "])
def test_a_genre_has_several_names(word: str) -> None:
    assert genre_of(word, [shipped_templates()]).name == "notice_inspection"


def test_an_unknown_genre_lists_those_that_exist() -> None:
    with pytest.raises(UsageInvalid, match="没有“催办通知”这个文种") as caught:
        genre_of("催办通知", [shipped_templates()])
    assert "是不是“催报通知”" in caught.value.remedy
    assert "督导检查通知" in caught.value.remedy


def test_no_templates_at_all(tmp_path: Path) -> None:
    with pytest.raises(UsageInvalid, match="没有“通知”") as caught:
        genre_of("通知", [tmp_path, tmp_path / "没有"])
    assert "没有找到任何文种" in caught.value.remedy


def test_the_offices_own_template_goes_first(own: Path) -> None:
    rewrite(own / "notice_inspection" / "genre.toml", 'title = "督导检查通知"', 'title = "本室通知"')
    assert genre_of("通知", [own, shipped_templates()]).title == "本室通知"
    assert genre_of("催报通知", [own, shipped_templates()]).folder.parent == shipped_templates()


def test_a_broken_neighbour_does_not_matter(own: Path) -> None:
    (own / "broken").mkdir()
    (own / "broken" / "genre.toml").write_text("title = ", encoding="utf-8")
    assert genre_of("通知", [own]).name == "notice_inspection"
    with pytest.raises(TemplateInvalid, match=r"broken/genre\.toml"):
        genre_of("broken", [own])
    with pytest.raises(TemplateInvalid, match=r"broken/genre\.toml"):
        genres([own])


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("genre.toml", 'source = "记录"', 'source = "猜"', r"genre\.toml 的 fields"),
        ("genre.toml", 'context = "inspection"', 'contxt = "x"', r"genre\.toml 的 contxt"),
        ("genre.toml", 'name = "main_to"', 'name = "title"', "声明了两次"),
        ("genre.toml", 'label = "缘由"', 'label = "标题"', "声明了两次"),
        ("genre.toml", 'name = "opening"', 'name = "reason"', "没有 opening 这个字段"),
        (
            "genre.toml",
            'columns = ["role", "name", "post"]',
            'columns = ["role", "name"]',
            "没有 post 这一栏",
        ),
        ("phrases.toml", '"标题" = "', '"标题" = ', r"phrases\.toml 的第 2 行"),
        ("phrases.toml", '"主送最多列名" = 5', '"主送最多列名" = 1.5', "“主送最多列名”不对"),
    ],
)
def test_faults_name_their_file(own: Path, file: str, old: str, new: str, said: str) -> None:
    rewrite(own / "notice_inspection" / file, old, new)
    with pytest.raises(TemplateInvalid, match=said) as caught:
        Genre.load(own / "notice_inspection")
    assert "notice_inspection" in caught.value.problem
    assert caught.value.remedy


def test_missing_and_misencoded_files(own: Path) -> None:
    folder = own / "notice_inspection"
    (folder / "phrases.toml").write_bytes("标题".encode("gbk"))
    with pytest.raises(TemplateInvalid, match="不是 UTF-8"):
        Genre.load(folder)
    (folder / "phrases.toml").unlink()
    (folder / "template.docx").unlink()
    with pytest.raises(TemplateInvalid, match=r"读不到 notice_inspection/template\.docx"):
        Genre.load(folder)


def test_samples_hold_declared_fields_only(own: Path) -> None:
    rewrite(own / "notice_inspection" / "sample.toml", "letterhead =", "letterhaed =")
    with pytest.raises(TemplateInvalid, match="letterhaed 没有声明"):
        Genre.load(own / "notice_inspection").sample()


def test_phrases_are_filled_and_faults_named() -> None:
    phrases = Phrases(
        "x/phrases.toml", {"标题": "关于【事】的通知", "空": "", "天数": "七", "几条": ("一【事】", "二")}
    )
    assert phrases.text("标题", 事="开学") == "关于开学的通知"
    assert phrases.lines("几条", 事="甲") == ("一甲", "二")
    assert phrases.lines("没有") == ()
    with pytest.raises(TemplateInvalid, match="【事】填不了") as caught:
        phrases.text("标题", 名="开学")
    assert "【名】" in caught.value.remedy
    for name in ("没有", "空"):
        with pytest.raises(TemplateInvalid, match="没有“"):
            phrases.text(name)
    with pytest.raises(TemplateInvalid, match="1–365"):
        phrases.number("天数")
