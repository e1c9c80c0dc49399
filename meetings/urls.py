from django.urls import path

from .views import assignments, briefs, calendar, imports, invitations, plan, public, rows

app_name = "meetings"
urlpatterns = [
    path("public/plans/", public.public_plans, name="public_plans"),
    path("public/plans/<int:pk>/", public.public_plan, name="public_plan"),
    path("plans/calendar/", calendar.calendar, name="calendar"),
    path("plans/calendar/<int:pk>/forget/", calendar.calendar_forget, name="calendar_forget"),
    path("plans/", plan.plans, name="plans"),
    path("plans/new/", plan.plan_new, name="plan_new"),
    path("plans/import/", imports.plan_import, name="plan_import"),
    path("plans/import/<uuid:key>/", imports.plan_import_preview, name="plan_import_preview"),
    path("plans/<int:pk>/", plan.plan, name="plan"),
    path("plans/<int:pk>/copy/", plan.plan_copy, name="plan_copy"),
    path("plans/<int:pk>/take-rows/", plan.plan_take_rows, name="plan_take_rows"),
    path("plans/<int:pk>/title/", plan.plan_title_form, name="plan_title_form"),
    path("plans/<int:pk>/rows/title/", plan.plan_title, name="plan_title"),
    path("plans/<int:pk>/rows/renumber/", plan.plan_renumber, name="plan_renumber"),
    path("plans/<int:pk>/rows/acknowledge/", plan.plan_acknowledge, name="plan_acknowledge"),
    path("plans/<int:pk>/rows/sync/", rows.plan_rows_sync, name="plan_rows_sync"),
    path("plans/<int:pk>/rows/reading/", rows.plan_rows_reading, name="plan_rows_reading"),
    path("plans/<int:pk>/rows/people/", rows.plan_rows_people, name="plan_rows_people"),
    path("plans/<int:pk>/rows/add/", rows.plan_row_add, name="plan_row_add"),
    path("plans/<int:pk>/rows/paste/", rows.plan_rows_paste, name="plan_rows_paste"),
    path("plans/<int:pk>/rows/unpaste/", rows.plan_rows_unpaste, name="plan_rows_unpaste"),
    path("plans/<int:pk>/rows/<uuid:uid>/", rows.plan_row, name="plan_row"),
    path("plans/<int:pk>/rows/<uuid:uid>/cell/", rows.plan_row_cell, name="plan_row_cell"),
    path("plans/<int:pk>/rows/<uuid:uid>/duplicate/", rows.plan_row_duplicate, name="plan_row_duplicate"),
    path("plans/<int:pk>/rows/<uuid:uid>/remove/", rows.plan_row_remove, name="plan_row_remove"),
    path("plans/<int:pk>/rows/<uuid:uid>/return/", rows.plan_row_return, name="plan_row_return"),
    path("plans/<int:pk>/rows/<uuid:uid>/move/", rows.plan_row_move, name="plan_row_move"),
    # meetings and their agenda
    # the day of a meeting: attendance, outcomes, decisions
    # protocols and extracts
    # briefs and calendars
    path("meetings/<int:pk>/invitation.ics", invitations.meeting_ics, name="meeting_ics"),
    path("meetings/<int:pk>/brief/", briefs.brief_new, name="brief_new"),
    path("briefs/<int:pk>/", briefs.brief, name="brief"),
    path("briefs/<int:pk>/save/", briefs.brief_save, name="brief_save"),
    path("briefs/<int:pk>/take/", briefs.brief_take, name="brief_take"),
    path("briefs/<int:pk>/return/", briefs.brief_return, name="brief_return"),
    # assignments
    path("assignments/", assignments.assignments, name="assignments"),
    path("assignments/export/", assignments.assignments_export, name="assignments_export"),
    path("assignments/new/", assignments.assignment_new, name="assignment_new"),
    path("assignments/discipline/", assignments.discipline, name="discipline"),
    path("assignments/discipline/export/", assignments.discipline_export, name="discipline_export"),
    path("assignments/<int:pk>/", assignments.assignment, name="assignment"),
    path("assignments/<int:pk>/report/", assignments.assignment_report, name="assignment_report"),
    path("assignments/<int:pk>/accept/", assignments.assignment_accept, name="assignment_accept"),
    path("assignments/<int:pk>/return/", assignments.assignment_return, name="assignment_return"),
    path("assignments/<int:pk>/extend/", assignments.assignment_extend, name="assignment_extend"),
    path("assignments/<int:pk>/extensions/<int:extension>/", assignments.assignment_extension_decide,
         name="assignment_extension_decide"),
    path("assignments/<int:pk>/tick/", assignments.assignment_tick, name="assignment_tick"),
    path("assignments/<int:pk>/cancel/", assignments.assignment_cancel, name="assignment_cancel"),
    path("assignments/reports/<int:pk>/files/<int:file>/", assignments.assignment_file, name="assignment_file"),
    # fulfilment of the plan, search
]
