from django.urls import path

from projectoffice.documents.table.urls import table_urls

from .table import IMPLEMENTATION_PLAN
from .views import (
    implementation_import,
    implementation_plan,
    imports,
    passport,
    portfolio,
    project,
    public,
    report,
    team,
)

app_name = "portfolios"
urlpatterns = [
    # open pages
    path("public/portfolios/", public.public_portfolios, name="public_portfolios"),
    path("public/projects/<int:pk>/", public.public_project, name="public_project"),
    # portfolios, their models and indicators
    path("portfolios/", portfolio.portfolios, name="portfolios"),
    path("portfolios/new/", portfolio.portfolio_new, name="portfolio_new"),
    path("portfolios/<int:pk>/", portfolio.portfolio, name="portfolio"),
    path("portfolios/<int:pk>/attention/", portfolio.portfolio_attention, name="portfolio_attention"),
    path("portfolios/<int:pk>/history/", portfolio.portfolio_history, name="portfolio_history"),
    path("portfolios/<int:pk>/edit/", portfolio.portfolio_edit, name="portfolio_edit"),
    path("portfolios/<int:pk>/close/", portfolio.portfolio_close, name="portfolio_close"),
    path("portfolios/<int:pk>/open/", portfolio.portfolio_open, name="portfolio_open"),
    path("portfolios/<int:pk>/publish/", portfolio.portfolio_publish, name="portfolio_publish"),
    path("portfolios/<int:pk>/models/new/", portfolio.model_new, name="model_new"),
    path("portfolios/<int:pk>/goals/new/", portfolio.goal_new, name="goal_new"),
    path("portfolios/models/<int:pk>/edit/", portfolio.model_edit, name="model_edit"),
    path("portfolios/models/<int:pk>/remove/", portfolio.model_remove, name="model_remove"),
    path("portfolios/goals/<int:pk>/edit/", portfolio.goal_edit, name="goal_edit"),
    path("portfolios/goals/<int:pk>/remove/", portfolio.goal_remove, name="goal_remove"),
    # projects
    path("projects/", project.projects, name="projects"),
    path("projects/export/", project.projects_export, name="projects_export"),
    path("projects/new/", project.project_new, name="project_new"),
    path("projects/import/", imports.projects_import, name="projects_import"),
    path("projects/import/sample/", imports.projects_import_template, name="projects_import_template"),
    path("projects/import/<int:pk>/", imports.projects_import_check, name="projects_import_check"),
    path("projects/import/<int:pk>/apply/", imports.projects_import_apply, name="projects_import_apply"),
    path("projects/<int:pk>/", project.project, name="project"),
    path("projects/<int:pk>/history/", project.project_history, name="project_history"),
    path("projects/<int:pk>/edit/", project.project_edit, name="project_edit"),
    path("projects/<int:pk>/head/", project.project_head, name="project_head"),
    path("projects/<int:pk>/status/<slug:verb>/", project.project_status, name="project_status"),
    path("projects/<int:pk>/archive/", project.project_archive, name="project_archive"),
    path("projects/<int:pk>/copy/", project.project_copy, name="project_copy"),
    path("projects/<int:pk>/publish/", project.project_publish, name="project_publish"),
    # team, institutions, control points
    path("projects/<int:pk>/team/new/", team.team_new, name="team_new"),
    path("projects/team/<int:pk>/", team.team_edit, name="team_edit"),
    path("projects/team/<int:pk>/end/", team.team_end, name="team_end"),
    path("projects/<int:pk>/institutions/new/", team.institution_add, name="institution_add"),
    path("projects/institutions/<int:pk>/lead/", team.institution_lead, name="institution_lead"),
    path("projects/institutions/<int:pk>/remove/", team.institution_remove, name="institution_remove"),
    path("projects/points/<int:pk>/reach/", team.milestone_reach, name="milestone_reach"),
    path("projects/points/<int:pk>/drop/", team.milestone_drop, name="milestone_drop"),
    path("projects/points/<int:pk>/take-back/", team.milestone_take_back, name="milestone_take_back"),
    # the passport
    path("projects/<int:pk>/passport/start/", passport.passport_start, name="passport_start"),
    path("projects/<int:pk>/passport/", passport.passport, name="passport"),
    path("projects/<int:pk>/passport/<slug:code>/", passport.passport_step, name="passport_step"),
    path("projects/<int:pk>/passport/rows/<slug:kind>/<uuid:uid>/return/", passport.passport_row_return,
         name="passport_row_return"),
    # implementation plans
    path("implementation-plans/", implementation_plan.implementation_plans, name="implementation_plans"),
    path("implementation-plans/new/", implementation_plan.implementation_plan_new, name="implementation_plan_new"),
    path("implementation-plans/import/", implementation_import.implementation_plan_import, name="implementation_plan_import"),
    path("implementation-plans/import/<uuid:key>/", implementation_import.implementation_plan_import_preview,
         name="implementation_plan_import_preview"),
    path("implementation-plans/<int:pk>/", implementation_plan.implementation_plan, name="implementation_plan"),
    path("implementation-plans/<int:pk>/copy/", implementation_plan.implementation_plan_copy, name="implementation_plan_copy"),
    path("implementation-plans/<int:pk>/take-rows/", implementation_plan.implementation_plan_take_rows,
         name="implementation_plan_take_rows"),
    path("implementation-plans/<int:pk>/phones/", implementation_plan.implementation_plan_phones, name="implementation_plan_phones"),
    path("implementation-plans/<int:pk>/fulfilment/", implementation_plan.implementation_plan_fulfilment,
         name="implementation_plan_fulfilment"),
    path("implementation-plans/<int:pk>/fulfilment/<uuid:uid>/", implementation_plan.activity_mark, name="activity_mark"),
    path("implementation-plans/<int:pk>/fulfilment/<uuid:uid>/evidence/", implementation_plan.activity_evidence,
         name="activity_evidence"),
    # progress reports
    path("reports/<int:pk>/", report.report, name="report"),
    path("reports/parts/<int:pk>/", report.report_part, name="report_part"),
    # implementation plans: the rows of their tables
    *table_urls("implementation-plans/<int:pk>/", IMPLEMENTATION_PLAN),
]
