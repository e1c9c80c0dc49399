"""What visitors read: who was awarded, with consented names alone; whether a diploma is what it says."""
from projectoffice.accounts.models import User
from projectoffice.documents.public import consented_names, shown

from ..models import Award, Result
from .papers import NAMES, entries_by_id


def winners_of(result):
    """``[{"title", "count", "levels": [{"title", "entries"}]}]``: those with an award for a place, by levels in their order."""
    names, consenting = consented_names(), consenting_people(result)
    levels = [level for level in result.snapshot["levels"] if not level["is_rest"]]
    found = []
    for nomination in result.snapshot["nominations"]:
        awarded = {level["id"]: [] for level in levels}
        for entry in nomination["entries"]:
            if entry["award"] and entry["award"]["level"] in awarded:
                awarded[entry["award"]["level"]].append(public_entry(entry, names, consenting))
        found.append({"title": shown(nomination["title"], names), "count": len(nomination["entries"]),
                      "levels": [{"title": level["title"], "entries": awarded[level["id"]]} for level in levels if awarded[level["id"]]]})
    return found


def public_entry(entry, names, consenting):
    return {"title": shown(entry["title"], names), "institution": entry["institution"]["name"],
            "partners": [each["name"] for each in entry["partners"]],
            "authors": [consenting[each["person"]] for each in entry["authors"] if each["person"] in consenting]}


def consenting_people(result):
    """``{person: full name}`` of authors whose consent holds today; a typed name is never published."""
    people = {each["person"] for nomination in result.snapshot["nominations"] for entry in nomination["entries"] for each in entry["authors"]}
    return {person.pk: person.full_name for person in User.objects.with_consent().filter(pk__in=people - {None})}


def checked(award):
    """What the page behind the code of a diploma says: as it was given, and whether it holds."""
    names, consenting = consented_names(), consenting_people(award.result)
    nomination, entry = entries_by_id(award.result.snapshot)[award.entry_id]
    latest = Result.objects.latest_of(award.result.contest_id)
    now_given = latest.awards.filter(entry=award.entry_id).select_related("level").first()
    if latest.pk == award.result_id:
        state, words = ("done", "Действует"), ""
    elif now_given and now_given.level_id == award.level_id:
        state = ("closed", "Заменён")
        words = f"Итоги конкурса исправлены. Награда этой работы прежняя, но слова на бумаге изменились: теперь действует № {now_given.number}."
    else:
        state, words = ("closed", "Заменён"), "Итоги конкурса исправлены: эта бумага больше не действует."
    return {"paper": NAMES[entry["award"]["paper"]], "level": entry["award"]["title"], "nomination": shown(nomination["title"], names),
            "entry": public_entry(entry, names, consenting), "state": state, "words": words}


def award_by_code(code):
    """The award behind a code: of the last result that has it, for a correction keeps the codes of what stays."""
    return Award.objects.filter(code=code).select_related("result__contest").order_by("-result__number").first()
