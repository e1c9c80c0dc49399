"""Import of people and institutions: file → preview with the errors of each row → «Импортировать» → report."""
from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.policy import policy
from projectoffice.common.sheets import read_xlsx, xlsx_response

from .. import imports
from ..models import ImportCheck
from ..services import importing as verbs
from .refusals import attempt

SHOWN = 50  # good rows on the preview; rows with problems are all there
WORDS = {
    "people": {"title": "Люди из Excel", "back": "/people/", "back_title": "Люди", "list": "accounts:people",
               "file": "Люди, образец",
               "same": "Человек узнаётся по почте и фамилии или по полному имени и учреждению. "
                       "Кто уже есть, второй раз не появится; пустая ячейка ничего не стирает."},
    "institutions": {"title": "Учреждения из Excel", "back": "/institutions/", "back_title": "Учреждения",
                     "list": "accounts:institutions", "file": "Учреждения, образец",
                     "same": "Учреждение узнаётся по форме, виду, номеру и имени. "
                             "Что уже есть, второй раз не появится; пустая ячейка ничего не стирает."},
}
SAMPLES = {
    "people": [("Фамилия", "Имя", "Отчество", "name@example.ru", "00-00-00", "директор", "Школа № 1", "01.09.2026")],
    "institutions": [("МБОУ", "Школа", 1, "", "Полное наименование, если нужно", "school1@example.ru", "00-00-00", "")],
}
LOOKS = {
    imports.CREATE: ("progress", "Новая"), imports.UPDATE: ("wait", "Дополнить"),
    imports.SAME: ("neutral", "Уже есть"), imports.WRONG: ("alert", "Ошибка"),
}


class FileForm(forms.Form):
    file = forms.FileField(
        label="Файл .xlsx", widget=forms.FileInput(attrs={"accept": ".xlsx"}), max_length=255,
        error_messages={"required": "Выберите файл.", "empty": "Файл пустой. Выберите другой.",
                        "invalid": "Файл не дошёл. Выберите его ещё раз.",
                        "max_length": "Имя файла слишком длинное. Переименуйте файл и загрузите снова."},
    )


def upload(request, kind):
    form = FileForm(request.POST or None, request.FILES or None)
    check = None
    if request.method == "POST":
        def verb():
            file = form.cleaned_data["file"]
            return verbs.check_import(kind, by=request.user, file_name=file.name, rows=read_xlsx(file))

        check = attempt(form, verb)
    if check:
        return redirect(check)
    return render(request, "accounts/import.html", {
        "form": form, "words": WORDS[kind], "kind": kind, "columns": imports.TABLES[kind]().headings(),
        "template_url": f"accounts:{kind}_import_template",
    })


def template(request, kind):
    return xlsx_response(WORDS[kind]["file"], imports.TABLES[kind]().headings(), SAMPLES[kind])


def preview(request, kind, pk):
    check = get_object_or_404(ImportCheck.objects, pk=pk, kind=kind, created_by=request.user)
    labels = {name: heading for name, (heading, _) in imports.TABLES[kind].columns.items()}
    groups = {action: [row for row in check.rows if row["action"] == action] for action in LOOKS}
    good = [*groups[imports.CREATE], *groups[imports.UPDATE], *groups[imports.SAME]]
    shown = [dressed(row, labels) for row in [*groups[imports.WRONG], *good[:SHOWN]]]
    return render(request, "accounts/import_check.html", {
        "check": check, "words": WORDS[kind], "rows": shown, "hidden": max(0, len(good) - SHOWN),
        "counts": {action: len(rows) for action, rows in groups.items()},
        "ready": len(groups[imports.CREATE]) + len(groups[imports.UPDATE]),
        "apply_url": f"accounts:{kind}_import_apply", "again_url": f"accounts:{kind}_import",
    })


def dressed(row, labels):
    """A row with what the page shows: its words in one line, badge, differences."""
    return {
        "number": row["row"], "badge": LOOKS[row["action"]], "problems": row["problems"],
        "text": " · ".join(row["values"][name] for name in labels if row["values"].get(name))[:300],
        "remark": row["remark"],
        "changes": [(labels.get(name, name), before, after) for name, (before, after) in row["changes"].items()],
    }


def apply(request, kind, pk):
    check = get_object_or_404(ImportCheck.objects, pk=pk, kind=kind, created_by=request.user)
    done = verbs.apply_import(check, by=request.user)
    report = done.report
    messages.success(
        request, f"Внесено новых: {len(report['create'])}, дополнено: {len(report['update'])}, "
                 f"уже было: {len(report['same'])}, с ошибками пропущено: {len(report['wrong'])}."
    )
    return redirect(done)


def pages_of(kind, permission):
    """The four pages of one import: the file, the sample, the preview, «Импортировать»."""

    @policy(permission)
    @require_http_methods(["GET", "HEAD", "POST"])
    def file_page(request):
        return upload(request, kind)

    @policy(permission)
    @require_safe
    def template_page(request):
        return template(request, kind)

    @policy(permission)
    @require_safe
    def check_page(request, pk):
        return preview(request, kind, pk)

    @policy(permission)
    @require_POST
    def apply_page(request, pk):
        return apply(request, kind, pk)

    return file_page, template_page, check_page, apply_page


people_import, people_import_template, people_import_check, people_import_apply = pages_of(
    "people", "accounts.manage_people")
institutions_import, institutions_import_template, institutions_import_check, institutions_import_apply = pages_of(
    "institutions", "accounts.manage_institutions")
