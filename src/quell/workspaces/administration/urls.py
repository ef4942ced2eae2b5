"""Addresses of administration, all below /admin/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import categories, history, home, jobs, matrix, organisations, people, person, roles, services, settings, teams

app_name = "administration"
urlpatterns: list[URLPattern] = [
    path("admin/", home.home, name="home"),
    path("admin/people", people.people, name="people"),
    path("admin/people/new", people.new_person, name="new_person"),
    path("admin/people/<int:person_id>", person.person, name="person"),
    path("admin/people/<int:person_id>/roles", person.add_grant, name="add_grant"),
    path("admin/people/<int:person_id>/roles/<int:grant_id>/remove", person.remove_grant, name="remove_grant"),
    path("admin/people/<int:person_id>/teams", person.join_team, name="join_team"),
    path("admin/people/<int:person_id>/teams/<int:team_id>/remove", person.leave_team, name="leave_team"),
    path("admin/people/<int:person_id>/password", person.new_password, name="new_password"),
    path("admin/people/<int:person_id>/activate", person.set_active, {"active": True}, name="activate_person"),
    path("admin/people/<int:person_id>/deactivate", person.set_active, {"active": False}, name="deactivate_person"),
    path("admin/people/<int:person_id>/tokens/<int:token_id>/revoke", person.revoke_token, name="revoke_token"),
    path("admin/organisations", organisations.organisations, name="organisations"),
    path("admin/organisations/<int:organisation_id>", organisations.organisation, name="organisation"),
    path(
        "admin/organisations/<int:organisation_id>/activate",
        organisations.set_active,
        {"active": True},
        name="activate_organisation",
    ),
    path(
        "admin/organisations/<int:organisation_id>/deactivate",
        organisations.set_active,
        {"active": False},
        name="deactivate_organisation",
    ),
    path("admin/teams", teams.teams, name="teams"),
    path("admin/teams/new", teams.new_team, name="new_team"),
    path("admin/teams/<int:team_id>", teams.team, name="team"),
    path("admin/teams/<int:team_id>/members", teams.add_member, name="add_member"),
    path(
        "admin/teams/<int:team_id>/members/<int:person_id>/lead",
        teams.change_member,
        {"change": "lead"},
        name="make_lead",
    ),
    path(
        "admin/teams/<int:team_id>/members/<int:person_id>/member",
        teams.change_member,
        {"change": "member"},
        name="make_member",
    ),
    path(
        "admin/teams/<int:team_id>/members/<int:person_id>/remove",
        teams.change_member,
        {"change": "remove"},
        name="remove_member",
    ),
    path("admin/teams/<int:team_id>/activate", teams.set_active, {"active": True}, name="activate_team"),
    path("admin/teams/<int:team_id>/deactivate", teams.set_active, {"active": False}, name="deactivate_team"),
    path("admin/roles", roles.roles, name="roles"),
    path("admin/roles/new", roles.new_role, name="new_role"),
    path("admin/roles/<int:role_id>", roles.role, name="role"),
    path("admin/categories", categories.categories, name="categories"),
    path("admin/categories/<int:category_id>/rename", categories.rename, name="rename_category"),
    path(
        "admin/categories/<int:category_id>/activate", categories.set_active, {"active": True}, name="activate_category"
    ),
    path(
        "admin/categories/<int:category_id>/deactivate",
        categories.set_active,
        {"active": False},
        name="deactivate_category",
    ),
    path("admin/matrix", matrix.matrix, name="matrix"),
    path("admin/matrix/check", matrix.check, name="check_matrix"),
    path("admin/services", services.services, name="services"),
    path("admin/services/new", services.new_service, name="new_service"),
    path("admin/services/<slug:code>", services.service, name="service"),
    path("admin/services/<slug:code>/activate", services.set_active, {"active": True}, name="activate_service"),
    path("admin/services/<slug:code>/deactivate", services.set_active, {"active": False}, name="deactivate_service"),
    path("admin/settings", settings.settings, name="settings"),
    path("admin/jobs", jobs.jobs, name="jobs"),
    path("admin/history", history.history, name="history"),
]
