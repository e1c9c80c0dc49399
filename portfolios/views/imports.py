"""Import of projects: file → preview with the errors of each row → «Импортировать» → report."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.views.imports import FileForm, dressed
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.policy import policy
from projectoffice.common.sheets import read_xlsx, xlsx_response

from ..imports import projects as imports
from ..models import ProjectImport
from ..services import importing as verbs

PERMISSION = verbs.PERMISSION
SHOWN = 50  # good rows on the preview; rows with problems are all there
WORDS = {
    "title": "Проекты из Excel", "back": "/projects/", "back_title": "Проекты", "list": "portfolios:projects",
    "same": "Проект узнаётся по названию, ведущему учреждению и годам: тот же проект другого года – новый. "
            "Что уже есть на портале, останется как есть.",
}
ACTIONS = (imports.CREATE, imports.SAME, imports.WRONG)


@policy(PERMISSION)
@require_http_methods(["GET", "HEAD", "POST"])
def projects_import(request):
    form = FileForm(request.POST or None, request.FILES or None)
    check = None
    if request.method == "POST":
        def verb():
            file = form.cleaned_data["file"]
            return verbs.check_import(by=request.user, file_name=file.name, rows=read_xlsx(file))

        check = attempt(form, verb)
    if check:
        return redirect(check)
    return render(request, "accounts/import.html", {
        "form": form, "words": WORDS, "columns": imports.ProjectTable().headings(),
        "template_url": "portfolios:projects_import_template",
    })


@policy(PERMISSION)
@require_safe
def projects_import_template(request):
    return xlsx_response("Проекты, образец", imports.ProjectTable().headings(), imports.sample_rows(request.user))


def find_check(request, pk):
    return get_object_or_404(ProjectImport.objects, pk=pk, created_by=request.user)


@policy(PERMISSION)
@require_safe
def projects_import_check(request, pk):
    check = find_check(request, pk)
    labels = {name: heading for name, (heading, _) in imports.ProjectTable.columns.items()}
    groups = {action: [row for row in check.rows if row["action"] == action] for action in ACTIONS}
    good = [*groups[imports.CREATE], *groups[imports.SAME]]
    return render(request, "accounts/import_check.html", {
        "check": check, "words": WORDS, "rows": [dressed(row, labels) for row in [*groups[imports.WRONG], *good[:SHOWN]]],
        "hidden": max(0, len(good) - SHOWN), "counts": {action: len(rows) for action, rows in groups.items()},
        "ready": len(groups[imports.CREATE]), "apply_url": "portfolios:projects_import_apply", "again_url": "portfolios:projects_import",
    })


@policy(PERMISSION)
@require_POST
def projects_import_apply(request, pk):
    done = verbs.apply_import(find_check(request, pk), by=request.user)
    report = done.report
    messages.success(request, f"Внесено новых: {len(report['create'])}, уже было: {len(report['same'])}, "
                              f"с ошибками пропущено: {len(report['wrong'])}.")
    return redirect(done)
