"""The first sheet of a workbook: how it is used, and what each column means."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from madang.workbook.columns import SHEETS, Column, SheetSpec
from madang.workbook.columns.kinds import words

INK, CARPET, SOFT, PAPER, LINE = "1F1B24", "C2185B", "6B6470", "FFF4F8", "E3DCE1"
TITLE = words("Read me|읽어 두기|Lisez-moi")
HEADLINE = words("A market edition in one workbook|파일 하나로 준비하는 마켓|Une édition du marché dans un classeur")
LINES = (
    words(
        "Each sheet is a list; the first row names its columns. Pink columns must be filled in. "
        "Rest the pointer on a header to read what belongs there."
        "|시트마다 목록이 하나씩 있고 첫 줄이 열 이름입니다. 분홍색 열은 반드시 채웁니다. "
        "열 이름 위에 마우스를 올리면 설명이 보입니다."
        "|Chaque feuille est une liste ; la première ligne nomme ses colonnes. Les colonnes roses sont à remplir. "
        "Laissez le pointeur sur un titre pour lire ce qu’on y met."
    ),
    words(
        "The rows you see are an example with fictional people and companies: delete them and write your own."
        "|지금 보이는 줄은 가상의 참가자와 참가사로 만든 예시입니다. 지우고 직접 채우십시오."
        "|Les lignes présentes sont un exemple, avec des personnes et sociétés fictives : effacez-les et écrivez les vôtres."
    ),
    words(
        "Codes tie the sheets together. Keep a code once it is given: when the file is imported again, rows are found by it."
        "|코드가 시트를 이어 줍니다. 한 번 정한 코드는 바꾸지 마십시오. 다시 가져올 때 코드로 같은 줄을 찾습니다."
        "|Les codes relient les feuilles. Gardez-les : à l’import suivant, c’est par eux qu’une ligne est retrouvée."
    ),
    words(
        "Importing never deletes: a row that is missing from the file stays as it is on the site. "
        "A file with a fault changes nothing at all; all faults are listed at once."
        "|가져오기는 아무것도 지우지 않습니다. 파일에 없는 줄은 사이트에 그대로 남습니다. "
        "오류가 하나라도 있으면 아무것도 바뀌지 않고, 모든 오류를 한꺼번에 알려 드립니다."
        "|L’import n’efface rien : ce qui manque dans le fichier reste sur le site. "
        "Un fichier fautif ne change rien, et toutes les fautes sont dites en une fois."
    ),
    words(
        "Times are on the venue's clocks. Sheets you do not need may be removed, and so may optional columns. "
        "Formulas and merged cells are refused: paste as values."
        "|시각은 행사장 기준입니다. 필요 없는 시트와 선택 열은 지워도 됩니다. "
        "수식과 병합된 셀은 받지 않으니 값으로 붙여 넣으십시오."
        "|Les heures sont celles du lieu. Les feuilles inutiles et les colonnes facultatives peuvent être retirées. "
        "Formules et cellules fusionnées sont refusées : collez les valeurs."
    ),
)
HEADERS = (
    words("Sheet|시트|Feuille"),
    words("Column|열|Colonne"),
    words("Needed|필수|Requis"),
    words("What it says|설명|Ce qu'elle dit"),
    words("Values|값|Valeurs"),
)
NEEDED = words("yes|예|oui")
OWN_RIGHTS = words("Our rights in one workbook|파일 하나로 정리하는 우리 권리|Nos droits dans un classeur")


def write_intro(sheet: Any, language: str, sheets: tuple[SheetSpec, ...] = SHEETS) -> None:
    """Fill the sheet with the headline, the lines and the list of all columns."""
    sheet.title = TITLE.of(language)
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCDE", (18, 30, 10, 64, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet["A1"] = "Madang"
    sheet["A1"].font = Font(bold=True, size=11, color=CARPET)
    sheet["A2"] = (HEADLINE if sheets is SHEETS else OWN_RIGHTS).of(language)
    sheet["A2"].font = Font(bold=True, size=20, color=INK)
    sheet.row_dimensions[2].height = 34
    row = 4
    for text in LINES if sheets is SHEETS else (LINES[0], *LINES[2:]):
        sheet.cell(row, 1, f"•  {text.of(language)}").font = Font(size=11, color=INK)
        row += 1
    _write_columns(sheet, row + 1, language, sheets)


def _write_columns(sheet: Any, row: int, language: str, sheets: tuple[SheetSpec, ...]) -> None:
    for number, header in enumerate(HEADERS, 1):
        cell = sheet.cell(row, number, header.of(language))
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=INK)
    line = Border(bottom=Side(style="hair", color=LINE))
    for spec in sheets:
        row += 1
        sheet.cell(row, 1, spec.name.of(language)).font = Font(bold=True, color=CARPET)
        sheet.cell(row, 2, spec.help.of(language)).font = Font(italic=True, color=SOFT)
        for number in range(1, 6):
            sheet.cell(row, number).fill = PatternFill("solid", fgColor=PAPER)
        for column in spec.columns:
            row += 1
            _write_column(sheet, row, column, language, line)


def _write_column(sheet: Any, row: int, column: Column, language: str, line: Border) -> None:
    values = ", ".join(choice.words.of(language) for choice in column.choices)
    needed = NEEDED.of(language) if column.required else ""
    for number, text in enumerate(("", column.header.of(language), needed, column.help.of(language), values), 1):
        cell = sheet.cell(row, number, text or None)
        cell.alignment, cell.border = Alignment(vertical="top", wrap_text=True), line
