"""What waits for those who check reports, as rows of the one list of the start page."""
from django.db.models import Count, Min
from django.urls import reverse

from projectoffice.common.waiting import Waiting, contributes

from .checking import waiting_for


@contributes
def reports_to_check(user):
    """One row for each period whose reports this person must check."""
    rows = waiting_for(user).order_by().values("period", "period__title", "period__portfolio__name").annotate(
        count=Count("pk"), since=Min("submitted_at"))
    for row in rows.order_by("since"):
        yield Waiting(
            what=f"Проверить отчёты: {row['count']}", whose=f"Портфель «{row['period__portfolio__name']}», {row['period__title']}",
            url=f"{reverse('portfolios:review')}?period={row['period']}", action="Проверить", since=row["since"],
        )
