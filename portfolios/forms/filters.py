"""What filters of lists share: the few that stand in one line, and the further ones."""
from projectoffice.accounts.forms.fields import OfficeForm


class FilterForm(OfficeForm):
    """Every field may be left out; ``main_names`` stand in the line, the others under «Ещё условия»."""

    main_names: tuple = ()

    @property
    def main(self):
        return [self[name] for name in self.main_names if name in self.fields]

    @property
    def more(self):
        return [self[name] for name in self.fields if name not in self.main_names]

    @property
    def opened(self):
        """Whether one of the further filters is in use."""
        return any(self.cleaned_data.get(name) for name in self.fields if name not in self.main_names)
