"""The figures for `make bench` can be taken; what they say is not asserted here, the machine may be busy."""
from projectoffice.documents.bench import ROUNDS, pdf_figures, sample_plan
from projectoffice.documents.sheet import render_pdf


def test_the_figures_compare_the_sheet_with_its_neighbours():
    rows = pdf_figures(rounds=1)
    ratios = [row for row in rows if row[3] is not None]
    assert ratios and all(ratio > 0 and target == 1.0 for *_, ratio, target in ratios)
    assert all(name and value > 0 and unit == "мс" for name, value, unit, *_ in rows)
    assert ROUNDS >= 15


def test_the_plan_measured_is_as_long_as_a_real_one():
    assert render_pdf(sample_plan(), mode="ink").pages == 2
