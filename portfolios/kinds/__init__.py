"""What the papers of this app tell the route, the printer and the register."""
from . import implementation_plan, passport

__all__ = ["implementation_plan", "passport"]
