from projectoffice.accounts.access import system
from projectoffice.documents.commands import ImportCommand

from ...commands import find_project
from ...imports import read_plan
from ...services.implementation_importing import import_plan, plan_for


class Command(ImportCommand):
    help = "Загрузить план реализации проекта из файла Word"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--project", help="название проекта портала; без него – городской проект, которого на портале нет")

    def read(self, path, year):
        return read_plan(path, year=year)

    def owner(self, options):
        return find_project(options["project"])

    def find(self, parsed, project):
        return plan_for(parsed, project)

    def create(self, parsed, project, file_name):
        import_plan(parsed, by=system(), project=project, file_name=file_name)

    def counted(self, parsed):
        return f"разделов: {len({item.section for item in parsed.items})}, строк: {len(parsed.items)}"
