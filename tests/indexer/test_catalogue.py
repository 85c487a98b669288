"""The catalogue's quick answers are those of a look at every file."""

from __future__ import annotations

from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.catalogue import Catalogue
from indexer.filters import Filter, filter_of
from indexer.manifest import Manifest
from indexer.model import State
from indexer.nodes import And, Node, Not, Or, Where, lets_through

NAMES = st.sampled_from(
    ["迎检", "迎检材料", "2024", "ａBc", "通知.docx", "通知.PDF", "附件.tar.gz", "a", "无后缀"]
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
DAYS = st.sampled_from(["", "2023-12-31", "2024-01-01", "2024-06-15T08:00:00", "2025-02-28"])
STATES = st.sampled_from([State.INDEXED, State.CORRUPT, State.PENDING_OCR])
ROWS = st.lists(st.tuples(PATHS, DAYS, STATES), max_size=12, unique_by=lambda row: row[0])
PATTERNS = ["迎检", "/迎检", "迎检/", "abc", "迎检/2024", "*.docx", "迎检/*", "通知*"]
PATTERNS += ["**/通知*", "2024/**", "a", "a?", "检/通知", "2024/*/通知*"]
FILTERS = st.one_of(
    st.sampled_from(PATTERNS).map(lambda value: filter_of("path", value)),
    st.sampled_from(["docx", "docx,pdf", "*x", "gz", "p*"]).map(lambda value: filter_of("type", value)),
    st.sampled_from(["2024", "2024-06", "2023..2024-01", "..2024", "2025.."]).map(
        lambda value: filter_of("date", value)
    ),
    st.sampled_from(["已收录", "待识别", "加密"]).map(lambda value: filter_of("state", value)),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    FILTERS.map(Where),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=5,
)


class Rows:
    """Stands in for a manifest: the rows of these files."""

    def __init__(self, rows: list[tuple[str, str, State]]) -> None:
        self.rows = rows
        self.asked = 0

    def version(self) -> tuple[int, int]:
        return (1, 1)

    def properties(self) -> tuple[tuple[str, str, int, str, str], ...]:
        self.asked += 1
        return tuple(
            (str(at), path, 0, state.value, day or "2020-01-01")
            for at, (path, day, state) in enumerate(self.rows)
        )


@settings(max_examples=300)
@given(ROWS, NODES)
def test_it_finds_what_a_look_at_every_file_finds(rows: list[tuple[str, str, State]], only: Node) -> None:
    manifest = Rows(rows)
    catalogue = Catalogue(cast("Manifest", manifest))
    looked = {file.id for file in catalogue.files() if lets_through(only, file)}
    assert catalogue.ids(only) == looked
    assert catalogue.ids(only) == looked
    assert manifest.asked == 1


def test_many_filters_do_not_pile_up() -> None:
    catalogue = Catalogue(cast("Manifest", Rows([("通知.docx", "2024-01-01", State.INDEXED)])))
    for number in range(500):
        assert catalogue.ids(Where(Filter("path", (f"第{number}号",)))) == frozenset()
    assert catalogue.ids(Where(filter_of("type", "docx"))) == {"0"}
    assert len(catalogue._kept) <= 64
