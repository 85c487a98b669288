"""A decision in an accountability case: its values, and that none is issued without its five parts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dujian_docs.documents import genre_of, shipped_templates
from dujian_docs.documents.decisions import DecisionFacts, decision_values
from dujian_docs.errors import InputInvalid
from dujian_docs.records import Unit, UnitType
from dujian_docs.records.accountability_models import AccountabilityCase, ObjectKind

SCHOOL = Unit(code="S007", name="白石镇河口小学", unit_type=UnitType.SCHOOL)
GENRE = genre_of("问责决定", [shipped_templates()])


def case(**values: Any) -> AccountabilityCase:
    whole: dict[str, Any] = {
        "code": "WZ1",
        "object_kind": ObjectKind.UNIT,
        "unit": "S007",
        "cause": "整改不力",
        "situation": "公办小学",
        "facts": ("通道两次被堵。整改后再次发现",),
        "basis": ("《教育督导问责办法》",),
        "means": ("约谈", "督导通报"),
        "effective_date": date(2026, 6, 22),
    }
    return AccountabilityCase(**{**whole, **values})


def values(**changes: Any) -> Any:
    return decision_values(DecisionFacts(case(**changes), SCHOOL), GENRE.phrases)


def test_a_decision_in_words() -> None:
    told = values()
    assert told["title"] == "关于对白石镇河口小学问责的决定"
    assert told["main_to"] == "白石镇河口小学"
    assert told["situation"] == "公办小学。"
    assert told["facts"] == ({"number": "一", "head": "通道两次被堵。", "rest": "整改后再次发现。"},)
    assert told["decision"] == "依据上述规定，决定对白石镇河口小学给予约谈、督导通报。"
    assert told["effective"] == "本决定自2026年6月22日起生效。"
    assert "30日内" in told["remedy"]
    assert "不停止本决定的执行" in told["remedy"]


def test_a_person_is_named_and_what_makes_it_graver_is_said() -> None:
    told = values(
        object_kind=ObjectKind.PERSON, person="校长某某", means=("约谈",), aggravations=("问责后不改",)
    )
    assert told["title"] == "关于对校长某某问责的决定"
    assert told["main_to"] == "白石镇河口小学", "it goes to the unit all the same"
    assert told["decision"].endswith("鉴于有问责后不改的情形，依照规定从重处理。")


@pytest.mark.parametrize(
    ("lacking", "part"),
    [
        ({"situation": ""}, "基本情况"),
        ({"facts": ()}, "问责事实"),
        ({"basis": ()}, "依据"),
        ({"means": ()}, "问责方式"),
        ({"effective_date": None}, "生效日期"),
    ],
)
def test_nothing_is_issued_without_one_of_the_five(lacking: dict[str, Any], part: str) -> None:
    with pytest.raises(InputInvalid, match=f"缺{part}，不能作出问责决定"):
        values(**lacking)
