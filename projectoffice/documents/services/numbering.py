from ..models import Counter


def take_number(document, year):
    """The next number of this kind, body and year, without gaps: the counter row is locked until commit."""
    Counter.objects.get_or_create(kind=document.kind, body=document.body, year=year)
    counter = Counter.objects.select_for_update().get(kind=document.kind, body=document.body, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def set_first_number(kind, body, year, first):
    """Let the year's numbers begin at ``first``; only before the first number of the year is taken."""
    counter, _ = Counter.objects.get_or_create(kind=kind, body=body, year=year)
    counter = Counter.objects.select_for_update().get(pk=counter.pk)
    if counter.last >= first:
        return False
    counter.last = first - 1
    counter.save(update_fields=["last"])
    return True
