from .assignment import Assignment, AssignmentExtension, AssignmentReport, AssignmentTick, Resolution
from .fulfilment import PlanLineMark
from .meeting import AgendaItem, AgendaMaterial, AgendaSpeaker, Meeting, Participant
from .plan import MeetingPlan, PlanItem, PlanResponsible, RemarkAcknowledgement, RowPresence
from .plan_import import PlanImport
from .protocol import MeetingBrief, Protocol, ProtocolEntry, ProtocolExtract, ProtocolRemark

__all__ = [
    "AgendaItem", "AgendaMaterial", "AgendaSpeaker", "Assignment", "AssignmentExtension", "AssignmentReport",
    "AssignmentTick", "Meeting", "MeetingBrief", "MeetingPlan", "Participant", "PlanImport", "PlanItem", "PlanLineMark",
    "PlanResponsible", "Protocol", "ProtocolEntry", "ProtocolExtract", "ProtocolRemark", "RemarkAcknowledgement",
    "Resolution", "RowPresence",
]
