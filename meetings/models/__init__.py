from .plan import MeetingPlan, PlanItem, PlanResponsible, RemarkAcknowledgement, RowPresence

__all__ = ["MeetingPlan", "PlanItem", "PlanResponsible", "RemarkAcknowledgement", "RowPresence"]
