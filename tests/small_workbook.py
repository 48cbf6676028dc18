"""A workbook of six courses, small enough to see through, and what can be done to it."""

import csv
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl

from zhiji_kg.sources.workbook.layout import workbook_layout
from zhiji_kg.texts import folded

ROOT = Path(__file__).resolve().parent.parent
SHEETS = {
    "说明": """项,值
工作簿标识,small
标题,六门课的小工作簿
证据等级,推断
""",
    "专业": """专业代码,版本年,专业名称,学校,轨道,学制,学期数,职业编码
460103,2024,数控技术,某学院,高职,三年,6,6-18-01-01
""",
    "课程": """专业代码,课程代码,课程名称,英文名,模块,性质,核心,学分,理论学时,实践学时,总学时,学期,考核方式,先修课程
460103,GG1,机械制图,Mechanical drawing,专业,必修,否,3,40,8,,1,考试,
460103,GG2,机床电气,,专业,必修,否,2.5,24,16,,2,考查,GG1
460103,ZY1,数控车削,CNC turning,专业,必修,是,4,20,60,80,3、4,考试,GG1、GG2
460103,ZY2,数控铣削,,专业,限选,是,4,20,60,,4,考试,ZY1
460103,ZY3,质量检测,,拓展,选修,,1,,,16,5,考查,
460103,ZY4,岗位实习,,专业,必修,否,10,0,240,,6,考查,ZY1、ZY2
""",
    "要素点": """要素点代码,类型,名称,英文名,上级要素点
P1,知识点,识图,Reading drawings,
P2,技能点,车削外圆,,
P3,技能点,对刀,,P2
P4,能力点,检测零件,,
""",
    "覆盖": """专业代码,课程代码,要素点代码,状态,深度,学时,完成学期,方式,考核,审核人,审核日期
460103,GG1,P1,覆盖,掌握,10,1,讲授、考核,是,张老师,2026-09-01
460103,ZY1,P2,,熟练,20,4,实训,是,,
460103,ZY2,P2,覆盖,2,6,,讲授,否,,
460103,,P4,无匹配,,,,,,,
""",
    "职业标准": "标准代码,要求代码,职业编码,大典版次,标准年,等级,职业功能,工作内容,类型,要求,"
    """要素点代码,最低深度,最少学时,须考核
STD,R1,6-18-01-01,2022,2018,四级,准备,读图,相关知识要求,能看懂零件图,P1,理解,8,否
STD,R2,6-18-01-01,2022,2018,四级,加工,车外圆,技能要求,能车外圆并对刀,P2、P3,3,,是
STD,R3,6-18-01-01,2022,2018,四级,加工,检测,技能要求,能检测零件,,,,
""",
    "权重": """标准代码,等级,表,职业功能,权重
STD,四级,理论,准备,60
STD,四级,理论,加工,40
STD,四级,技能,准备,20
STD,四级,技能,加工,80
""",
    "证书": """专业代码,证书代码,证书名称,标准代码,等级,到期学期,阶段
460103,C4,车工四级,STD,四级,4,S2
""",
    "阶段与认定": """阶段代码,顺序,名称,学业要求,证书要求,专业代码,到期学期
S2,2,中级学徒,高职一年级学业,中级工证书,460103,3
""",
    "典型工作任务": """任务代码,职业编码,职业名称,名称,要素点代码,项目化课程
T1,6-18-01-01,车工,加工轴类零件,P2,ZY1
""",
}
_CELL = re.compile(r"([A-Z]+)(\d+)")


def rows_of(content):
    """Rows of a CSV text."""
    return list(csv.reader(io.StringIO(content, newline="")))


def csv_text(rows):
    """CSV text of rows."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def tables(**identity):
    """The sheets as lists of rows; ``identifier`` names another workbook."""
    sheets = {name: rows_of(content) for name, content in SHEETS.items()}
    sheets["说明"][1][1] = identity.get("identifier", "small")
    return sheets


def position(cell):
    """(row, column) of a cell such as ``B2``, counted from 0."""
    letters, number = _CELL.fullmatch(cell).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(number) - 1, column - 1


def put(sheets, place, value):
    """Write a cell: ``课程!C2``."""
    sheet, cell = place.split("!")
    row, column = position(cell)
    rows = sheets[sheet]
    while len(rows) <= row:
        rows.append([])
    rows[row].extend([""] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def change(sheets, **changes):
    """Sheets with a case's changes: set cells, append rows, keep the first rows, remove, rename."""
    for place, value in changes.get("set", {}).items():
        put(sheets, place, value)
    for sheet, rows in changes.get("append", {}).items():
        sheets.setdefault(sheet, []).extend(rows)
    for sheet, count in changes.get("keep", {}).items():
        del sheets[sheet][count:]
    for sheet in changes.get("remove", ()):
        del sheets[sheet]
    for sheet, name in changes.get("rename", {}).items():
        sheets[name] = sheets.pop(sheet)
    return sheets


def write_csv(folder, sheets, encoding="utf-8-sig"):
    """Write sheets as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in sheets.items():
        (folder / f"{name}.csv").write_bytes(csv_text(rows).encode(encoding))
    return folder


def write_xlsx(path, sheets, numbers=True):
    """Write sheets as an xlsx file with openpyxl; what looks like a number becomes one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append([_typed(cell) if numbers else cell for cell in row])
    book.save(path)
    return path


def _typed(cell):
    if not cell:
        return None
    return float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell


def in_english(sheets):
    """The same sheets under their English names and headings."""
    layout, translated = workbook_layout(), {}
    for name, (first, *rest) in sheets.items():
        sheet = layout.by_name[folded(name)]
        translated[sheet.en] = [[sheet.by_heading[folded(cell)].en for cell in first], *rest]
    return translated


def small(folder, **changes):
    """The small workbook as a folder of CSV files, with changes."""
    return write_csv(folder, change(tables(identifier=changes.pop("identifier", "small")), **changes))


def cli(*arguments, cwd=None, clean=(), **environment):
    """Run the command in a process of its own, as a user does."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "ZHIJI", "PYTHONUTF8"))}
    kept |= {"PYTHONPATH": str(ROOT), "ZHIJI_LANG": "en"} | environment
    for name in clean:
        kept.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "zhiji_kg", *map(str, arguments)],
        cwd=cwd, env=kept, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


def told(done):
    """What a process said, out and err, as text."""
    return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def bytes_of(directory):
    """Every file of a folder of versions with its bytes, and where ``current`` points."""
    files = {str(p.relative_to(directory)): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}
    files.pop(".lock", None)
    return files
