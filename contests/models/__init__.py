from .contest import AwardLevel, Contest, ContestStage, Criterion, CriterionLevel, EntryField, Nomination, TieRule
from .entry import Entry, EntryAnswer, EntryAuthor, EntryFile, EntrySubmission, TechnicalCheck
from .expert import ConflictRuling, Expert, Recusal, Review
from .jury import JuryMember, JuryVote
from .protocol import JuryProtocol
from .result import Award, AwardChange, Diploma, Result
from .score import Score, ScoreSheet

__all__ = [
    "Award", "AwardChange", "AwardLevel", "ConflictRuling", "Contest", "ContestStage", "Criterion", "CriterionLevel", "Diploma", "Entry", "EntryAnswer", "EntryAuthor",
    "EntryField", "EntryFile", "EntrySubmission", "Expert", "JuryMember", "JuryProtocol", "JuryVote", "Nomination", "Recusal", "Result", "Review",
    "Score", "ScoreSheet", "TechnicalCheck", "TieRule",
]
