import json
from pathlib import Path

from projectoffice.accounts.access import system
from projectoffice.accounts.models import Body, OfficeProfile

from ...imports import read_plan
from ...services.importing import NO_YEAR, apply_import, check_importable, import_plan, plan_for
from ...services.plan import FIRST_YEAR, LAST_YEAR
from ..base import PlanCommand, Refusal, find_body


class Command(PlanCommand):
    help = "Загрузить план заседаний из файла Word"

    def add_arguments(self, parser):
        parser.add_argument("file", help="файл .docx")
        parser.add_argument("--year", type=int, help="первый год периода, если в файле его нет или он другой")
        parser.add_argument("--body", help="чей план; без него – основного органа")
        parser.add_argument("--replace", action="store_true", help="привести к файлу черновик, который уже есть")
        parser.add_argument("--dry-run", action="store_true", help="только прочитать, ничего не сохранять")
        parser.add_argument("--json", action="store_true", help="вывести прочитанное в JSON")

    def work(self, *, file, year, body, replace, dry_run, **options):
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise Refusal(f"Укажите год от {FIRST_YEAR} до {LAST_YEAR}.")
        if not Path(file).is_file():
            raise Refusal(f"Файл {file} не найден.")
        parsed = read_plan(Path(file), year=year)
        if not dry_run:
            self.store(parsed, body, replace, Path(file).name)
        self.tell(parsed, options["json"], dry_run)

    def store(self, parsed, body_name, replace, file_name):
        if parsed.period is None:
            raise Refusal(f"{NO_YEAR.removesuffix(' Укажите его.')} Укажите его: --year 2027.")
        body = find_body(body_name) if body_name or Body.objects.exists() else first_body()
        plan = plan_for(parsed, body)
        if plan is None:
            import_plan(parsed, by=system(), body=body, file_name=file_name)
            return
        check_importable(plan)
        if not replace:
            raise Refusal(f"Черновик «{plan.document.title}» уже есть. Чтобы привести его к файлу, добавьте --replace.")
        apply_import(plan, parsed, by=system(), file_name=file_name)

    def tell(self, parsed, as_json, dry_run):
        if as_json:
            self.stdout.write(json.dumps(parsed.as_json(), ensure_ascii=False, indent=2))
            return
        self.stdout.write(" ".join(parsed.title))
        self.stdout.write(f"{'Прочитано' if dry_run else 'Загружено'} строк: {len(parsed.items)}, грифов: {len(parsed.stamps)}.")
        for remark in parsed.remarks:
            self.stdout.write(f"– {remark['message']}")


def first_body():
    """On a portal where nothing was set up yet the office itself is the body whose plan comes first."""
    office = OfficeProfile.load()
    return Body.objects.create(name=office.name, genitive=genitive(office.name), is_main=True)


def genitive(name):
    return name.replace("Проектный офис", "Проектного офиса", 1)
