from .body import Body, Membership
from .importing import ImportCheck
from .institution import Institution
from .office import OfficeProfile
from .person import Consent, Post, User
from .rights import Invitation, LoginLink, OnBehalf, Role, RoleAssignment, Substitution

__all__ = [
    "Body",
    "Consent",
    "ImportCheck",
    "Institution",
    "Invitation",
    "LoginLink",
    "Membership",
    "OfficeProfile",
    "OnBehalf",
    "Post",
    "Role",
    "RoleAssignment",
    "Substitution",
    "User",
]
