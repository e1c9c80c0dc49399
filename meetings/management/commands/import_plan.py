from projectoffice.accounts.access import system
from projectoffice.accounts.models import Body, OfficeProfile
from projectoffice.documents.commands import ImportCommand

from ...imports import read_plan
from ...services.importing import import_plan, plan_for
from ..base import find_body


class Command(ImportCommand):
    help = "Загрузить план заседаний из файла Word"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--body", help="чей план; без него – основного органа")

    def read(self, path, year):
        return read_plan(path, year=year)

    def owner(self, options):
        return find_body(options["body"]) if options["body"] or Body.objects.exists() else first_body()

    def find(self, parsed, body):
        return plan_for(parsed, body)

    def create(self, parsed, body, file_name):
        import_plan(parsed, by=system(), body=body, file_name=file_name)

    def counted(self, parsed):
        return f"строк: {len(parsed.items)}, грифов: {len(parsed.stamps)}"


def first_body():
    """On a portal where nothing was set up yet the office itself is the body whose plan comes first."""
    office = OfficeProfile.load()
    return Body.objects.create(name=office.name, genitive=genitive(office.name), is_main=True)


def genitive(name):
    return name.replace("Проектный офис", "Проектного офиса", 1)
