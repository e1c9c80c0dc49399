"""What stands on diplomas and certificates, made of the frozen result alone."""
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import OfficeProfile
from projectoffice.common.filenames import clean_name
from projectoffice.common.mail import absolute
from projectoffice.common.russian import NBSP, date_long, quoted

from ..models.contest import NAMES_YEAR

DIPLOMAS, LETTERS, PRINT = "contest_diplomas", "contest_result_letters", "contest_diplomas_print"
HEADINGS = {"diploma": "ДИПЛОМ", "certificate": "СЕРТИФИКАТ"}
NAMES = {"diploma": "Диплом", "certificate": "Сертификат"}


def results_url(result):
    return reverse("contests:results", args=[result.contest_id])


def entries_by_id(snapshot):
    """``{entry id: (nomination, entry)}`` of a frozen result."""
    return {entry["id"]: (nomination, entry) for nomination in snapshot["nominations"] for entry in nomination["entries"]}


def head_of_paper():
    office = OfficeProfile.load()
    return "\n".join(each for each in (office.department, office.name) if each)


def of_year(title, year):
    """«, 2027 год» behind a name that says no year itself."""
    return "" if NAMES_YEAR.search(title) else f", {year}{NBSP}год"


def diploma(award, result, found, above, signer):
    """The text of one diploma as ``sheet.render_awards`` draws it; ``found`` is of ``entries_by_id``."""
    return {
        **given_words(result.snapshot["contest"], *found[award.entry_id]), "above": above, "number": f"№ {award.number}",
        "post": signer.get("post", ""), "name": signer.get("name", ""),
        "date": date_long(timezone.localtime(result.published_at).date()),
        "address": absolute(award.get_absolute_url()),
    }


def given_words(contest, nomination, entry):
    """What a paper says of who got what: while it stays the same, the paper stays good."""
    given = entry["award"]
    return {
        "heading": HEADINGS[given["paper"]],
        "lines": [
            {"role": "quiet", "text": contest["title"] + of_year(contest["title"], contest["year"])},
            {"role": "award-name", "text": given["title"]},
            {"role": "quiet", "text": f"в номинации {quoted(nomination['title'])}"},
            {"role": "who-gets", "text": "\n".join(each["name"] for each in entry["authors"]) or entry["institution"]["name"]},
            *([{"role": "quiet", "text": entry["institution"]["name"]}] if entry["authors"] else []),
            {"role": "work", "text": f"за работу {quoted(entry['title'])}"},
        ],
    }


def words_by_entry(snapshot):
    """``{entry id: (level, words of its paper)}`` of the awarded entries of a result."""
    return {key: (entry["award"]["level"], given_words(snapshot["contest"], nomination, entry))
            for key, (nomination, entry) in entries_by_id(snapshot).items() if entry["award"]}


def diploma_title(award, entry):
    return f"{NAMES[entry['award']['paper']]} № {award.number}: {entry['title']}"[:200]


def diploma_file(award, entry):
    return clean_name(f"{NAMES[entry['award']['paper']]} № {award.number}.pdf", "pdf")
