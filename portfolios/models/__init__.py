from .implementation_import import ImplementationImport
from .implementation_plan import (
    Activity,
    ActivityMark,
    ActivityPresence,
    ActivityRemarkLeft,
    ActivityResponsible,
    ImplementationPlan,
)
from .importing import ProjectImport
from .portfolio import ManagementModel, Portfolio, PortfolioIndicator
from .product import MethodProduct, ProductAuthor, ProductFile
from .project import Indicator, Milestone, Passport, Project, ProjectInstitution, Stage, TeamMember
from .report import IndicatorValue, ProgressReport, ReportFile, ReportingPeriod, ReportPart, ReportSubmission

__all__ = [
    "Activity", "ActivityMark", "ActivityPresence", "ActivityRemarkLeft", "ActivityResponsible", "ImplementationImport",
    "ImplementationPlan", "Indicator", "IndicatorValue",
    "ManagementModel", "MethodProduct", "Milestone", "Passport", "Portfolio", "PortfolioIndicator", "ProductAuthor",
    "ProductFile", "ProgressReport", "Project", "ProjectImport", "ProjectInstitution", "ReportFile", "ReportPart", "ReportSubmission",
    "ReportingPeriod", "Stage", "TeamMember",
]
