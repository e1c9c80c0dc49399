"""What teams are written when the results are published. The letters are held until the office has looked at them."""
from django.urls import reverse

from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import quoted

from ..entry.letters import addresses_of
from .papers import of_year


def told(result, entry, outcome, kept=False):
    """One letter to each address of the team: the award, where the marks are; no mark stands in it. ``kept``: the paper given before stays good."""
    contest = result.snapshot["contest"]
    corrected = result.number > 1
    subject = f"{'Итоги исправлены' if corrected else 'Итоги конкурса'}: {quoted(outcome['title'])}"
    award = f"Награда: {outcome['award']['title']}." if outcome["award"] else "Спасибо за участие."
    award += " Ваша награда прежняя, её бумага действует." if kept else ""
    why = f"Итоги исправлены ({result.protocol}): {result.reason}\n\n" if corrected else ""
    body = (f"{why}Опубликованы итоги конкурса {quoted(contest['title'])}{of_year(contest['title'], contest['year'])}.\n"
            f"Работа {quoted(outcome['title'])}, № {outcome['number']}. {award}\n\n"
            f"Баллы по критериям, комментарии экспертов и как считали: {absolute(reverse('contests:my_result', args=[entry.pk]))}\n")
    for address, person in addresses_of(entry).items():
        post(key=f"contest_result:{result.pk}:{entry.pk}:{address}"[:200], person=person, address=address, about=result, subject=subject,
             body=body, held=True)
