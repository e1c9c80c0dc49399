from .plan import MeetingPlan, PlanItem, PlanResponsible, RemarkAcknowledgement, RowPresence
from .plan_import import PlanImport

__all__ = ["MeetingPlan", "PlanImport", "PlanItem", "PlanResponsible", "RemarkAcknowledgement", "RowPresence"]
