import pytest


@pytest.fixture
def cast(db):
    # Not at the top: pytest reads this file before Django is ready when this folder is named on the command line.
    from tests.cast import make_cast

    return make_cast()
