import json

from django.core.management.base import BaseCommand, CommandError

from contests.models import Contest
from contests.tally.board import standings
from contests.tally.words import as_data, place_words, rule_words


class Command(BaseCommand):
    help = "Показать, кто на каком месте: итоги, среднее, медиана, разброс, правило, которое развело равных"

    def add_arguments(self, parser):
        parser.add_argument("contest", type=int, help="номер конкурса")
        parser.add_argument("--json", action="store_true", help="для программ")

    def handle(self, *, contest, **options):
        found = Contest.objects.filter(pk=contest).first()
        if found is None:
            raise CommandError(f"Конкурса {contest} нет.")
        boards = standings(found)
        self.stdout.write(written(boards) if options["json"] else "\n".join(lines(boards)))


def written(boards):
    return json.dumps([as_data(board) for board in boards], ensure_ascii=False, indent=2)


def lines(boards):
    for board in boards:
        yield str(board.nomination)
        for row in board.ranked:
            entry = board.entries[row.key]
            total = "–" if row.total is None else f"{float(row.total):.2f}"
            yield f"  {place_words(row) or '–'}\t{total}\t№ {entry.number} {entry.title}\t{rule_words(board, row)}".rstrip()
