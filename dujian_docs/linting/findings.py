"""What a check finds, and the rules by number: what each asks for, how sure it is, where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

GB = "GB/T 9704-2012"


class Level(Enum):
    """How sure a finding is."""

    ERROR = "错误"
    SUSPECT = "疑似"
    HINT = "提示"


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule: its level, what it asks for, and the clause."""

    level: Level
    asks: str
    clause: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A safe change: the characters from ``start`` to ``end`` of paragraph ``index`` become ``text``."""

    index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: rule, paragraph (0: the whole file), the words, what is wrong, what to do."""

    rule: str
    number: int
    words: str
    problem: str
    remedy: str
    page: int = 0
    edits: tuple[Edit, ...] = ()

    @property
    def level(self) -> Level:
        """How sure it is."""
        return RULES[self.rule].level

    @property
    def clause(self) -> str:
        """Where it is written."""
        return RULES[self.rule].clause


def _rules(level: Level, *rows: tuple[str, str, str]) -> dict[str, RuleText]:
    return {number: RuleText(level, asks, clause) for number, asks, clause in rows}


RULES: dict[str, RuleText] = {
    **_rules(
        Level.ERROR,
        ("P01", "纸张为 A4（210 mm×297 mm）", f"{GB} 5.1"),
        ("P02", "天头 37 mm、订口 28 mm、版心 156 mm×225 mm，误差不超过 1 mm", f"{GB} 5.2.1"),
        ("F01", "单页码居右、双页码居左，要设奇偶页不同的页脚", f"{GB} 7.5"),
        ("F02", "页脚要有页码", f"{GB} 7.5"),
        ("F03", "页码左右各放一条一字线", f"{GB} 7.5"),
        ("H01", "发文字号用六角括号〔〕，年份写全，不写“第”，序号前不加 0", f"{GB} 7.2.5"),
        ("H02", "发文机关标志居中，用红色", f"{GB} 7.2.4"),
        ("H03", "发文字号与正文之间要有红色分隔线", f"{GB} 7.2.7"),
        ("H04", "上行文要标签发人，下行文和平行文不标", f"{GB} 7.2.6"),
        ("H05", "份号为 6 位数字", f"{GB} 7.2.1"),
        ("T01", "标题用 2 号（22 磅）小标宋体字，居中", f"{GB} 7.3.1"),
        ("T02", "标题末尾不用标点", f"{GB} 7.3.1"),
        ("M01", "主送机关顶格，末尾用全角冒号", f"{GB} 7.3.2"),
        ("M02", "请示只主送一个机关", "《党政机关公文处理工作条例》第十五条"),
        ("M03", "同一机关不既主送又抄送，也不发给自己", f"{GB} 7.3.2、7.4.2"),
        ("S01", "同一级的序号连着编，不重不漏", f"{GB} 7.3.3"),
        ("S02", "层次序号依次为“一、”“（一）”“1.”“（1）”，写法和标点要对", f"{GB} 7.3.3"),
        ("S03", "一级标题用黑体，二级用楷体，三、四级用仿宋体", f"{GB} 7.3.3"),
        ("B01", "正文用 3 号（16 磅）字", f"{GB} 5.2.2、7.3.3"),
        ("B02", "正文用仿宋体字", f"{GB} 5.2.2、7.3.3"),
        ("B03", "每个自然段左空二字", f"{GB} 7.3.3"),
        ("A01", "附件说明的“附件”后用全角冒号，附件名称后不加标点", f"{GB} 7.3.4"),
        ("A02", "附件说明列出的附件与文后的附件一一对应", f"{GB} 7.3.4、7.3.7"),
        ("A03", "附件的标题与附件说明里的名称一致", f"{GB} 7.3.7"),
        ("A04", "附件另面编排，“附件”二字和序号用 3 号黑体顶格", f"{GB} 7.3.7"),
        ("D01", "日期要真有这一天", "GB/T 7408"),
        ("D02", "成文日期用阿拉伯数字写全年月日，月、日不补 0", f"{GB} 7.3.5.4"),
        ("D03", "印发日期不早于成文日期", f"{GB} 7.4.3"),
        ("G01", "要有成文日期", f"{GB} 7.3.5"),
        ("R01", "抄送机关之间用逗号，末尾用句号", f"{GB} 7.4.2"),
        ("R02", "版记用 4 号（14 磅）仿宋体字", f"{GB} 7.4"),
        ("C01", "汉字之间用全角标点", "GB/T 15834-2011 5.1"),
        ("C02", "没有填完的占位不能留着", "《党政机关公文处理工作条例》第二十条"),
        ("C03", "标点不重复、不相撞", "GB/T 15834-2011"),
        ("C04", "省略号六连点，占两字", "GB/T 15834-2011 4.11"),
        ("C05", "年份写四位数", "GB/T 15835-2011 5.1"),
        ("W01", "没有错别字", "《通用规范汉字表》"),
    ),
    **_rules(
        Level.SUSPECT,
        ("P03", "一般每面排 22 行、每行 28 字", f"{GB} 5.2.3"),
        ("T03", "标题由发文机关名称、事由和文种组成", f"{GB} 7.3.1"),
        ("A05", "正文里“见附件”的附件要有", f"{GB} 7.3.4"),
        ("D04", "星期几要与日期相符", "GB/T 7408"),
        ("C06", "括号、引号和书名号成对", "GB/T 15834-2011 4.8、4.9、4.15"),
        ("C07", "汉字之间的引号用“ ”", "GB/T 15834-2011 4.8"),
        ("C08", "数字和字母用半角", "GB/T 15835-2011"),
        ("C09", "不用“昨天”“下周”这类说不准的日期", "《党政机关公文处理工作条例》第十九条"),
        ("C10", "请示的结语不能用在报告里，报告不夹带请示事项", "《党政机关公文处理工作条例》第十五条"),
        ("N01", "总数与各分项之和相符", "数据核对"),
        ("N02", "百分比与分子、分母相符", "数据核对"),
        ("N03", "表格的合计与各行之和相符", "数据核对"),
        ("K01", "单位名称与单位表一致", "名单核对"),
        ("K02", "姓名与职务与人员表一致", "名单核对"),
        ("W02", "疑似错别字或不规范词形", "《第一批异形词整理表》《通用规范汉字表》"),
        ("X01", "没有未接受的修订和批注", "印发前检查"),
        ("X02", "没有隐藏的文字、宏和外部链接", "印发前检查"),
    ),
    **_rules(
        Level.HINT,
        ("G02", "署名右空二字，成文日期的右空随是否盖章为四字或二字", f"{GB} 7.3.5"),
        ("C11", "相邻的书名号、引号之间一般不用顿号", "GB/T 15834-2011 4.5.3.5"),
        ("C12", "数值范围用“—”或“～”，两头的单位写全", "GB/T 15834-2011 4.13、GB/T 15835-2011 5.1.4"),
        ("W03", "容易用混的词", "词语核对"),
        ("X03", "文件属性里的作者、标题与公文无关", "印发前检查"),
        ("X04", "用了自动编号，序号不在文字里，换程序打开可能变", "印发前检查"),
    ),
}
"""Every rule by its number: P page, F foot, H head, T title, M 主送, S structure, B body, A annexes, D dates,
G signature, R 版记, C characters, N figures, K names, W words, X traces."""
