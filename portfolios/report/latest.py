"""The latest report of a project, as a row of a list tells it: its day, what became of it, the way there."""
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from projectoffice.common.russian import date_short

from ..models import ProgressReport

STATE = ProgressReport.State
BECAME = {STATE.SUBMITTED.value: "на проверке", STATE.RETURNED.value: "возвращён", STATE.ACCEPTED.value: ""}


def last_sent():
    """The report a project sent last, for a Subquery about projects; read by ``latest``."""
    sent = ProgressReport.objects.filter(project=OuterRef("pk"), state__in=BECAME, submitted_at__isnull=False)
    return sent.order_by("-submitted_at").values(told=JSONObject(pk="pk", state="state", at="submitted_at"))[:1]


@dataclass(frozen=True, slots=True)
class Latest:
    """«12.05.2027, на проверке»; ``url`` leads to the checking page for who checks, to the report for others."""

    day: date
    became: str
    pk: int
    to_check: bool

    @property
    def words(self):
        return f"{date_short(self.day)}, {self.became}" if self.became else date_short(self.day)

    @property
    def url(self):
        return self.address(lambda pk: reverse("portfolios:report", args=[pk]), reverse("portfolios:review"))

    def address(self, report_url, review):
        """``report_url`` and ``review`` are asked for once for a list."""
        return f"{review}?report={self.pk}" if self.to_check else report_url(self.pk)


def latest(told, checks=False):
    """What ``last_sent`` found, in words; None where nothing was sent. ``checks``: whether the reader checks reports."""
    if told is None:
        return None
    day = timezone.localtime(datetime.fromisoformat(told["at"])).date()
    return Latest(day, BECAME[told["state"]], told["pk"], checks and told["state"] == STATE.SUBMITTED)
