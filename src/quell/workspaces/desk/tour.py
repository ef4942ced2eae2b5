"""What people of the desk are shown at their first sign-in: five notes by what they do here (ux.md 2.23)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD
from quell.kernel.actions import set_up
from quell.kernel.ui.tours import Mark

_MENU = "[popovertarget=sidenav]"
_FIND = (".command", ".mobilebar a[href='/search']")
_NEXT = ("[aria-labelledby=next-title]",)
_ME = ("[popovertarget=me]",)
_LATER = Mark(
    _("Your own way"),
    _("Language, light or dark, keys and notices are chosen here. “Show me round” brings these notes back."),
    _ME,
)

AGENT = (
    Mark(
        _("What to do next"),
        _("Your work in the order it wants to be done, each line with its reason. J and K move, Enter opens."),
        _NEXT,
    ),
    Mark(
        _("Find, go, do"),
        _("A number, a word, a person. Ctrl K opens this from anywhere and knows every page and every step too."),
        _FIND,
    ),
    Mark(
        _("Somebody calls"),
        _("C opens a form over whatever you are doing, and looks for the caller and for what is known as you type."),
        ("[data-new-call]", ".mobilebar a[href='/incidents/new']"),
    ),
    Mark(
        _("All the work"),
        _("The queue, with filters you can keep as views. A view with a number opens by V and that number."),
        (".sidenav a[href^='/incidents/?state=open&sort']", ".mobilebar a[href^='/incidents/?']", _MENU),
    ),
    _LATER,
)
LEAD = (
    AGENT[0],
    Mark(
        _("What nobody has"),
        _("Cards are views: choose which stand here, and in which order. Unassigned work shows who could take it."),
        ("#card-unassigned", "[popovertarget=arrange-cards]"),
    ),
    Mark(
        _("Who is here"),
        _("Absences, substitutes, skills and how much each of your people holds stand under Team."),
        (".sidenav a[href='/workforce']", _MENU),
    ),
    Mark(
        _("Tell everybody"),
        _("Announcements reach the portal at once. Beside them stand the rules by which work finds its people."),
        (".sidenav a[href='/admin/announcements']", _MENU),
    ),
    _LATER,
)
ADMINISTRATOR = (
    Mark(
        _("Set-up in five steps"),
        _("Organisation, mail, teams, services, and a first report to try it. What you skip stays on the list."),
        ("#set-up", ".sidenav a[href='/admin/']", _MENU),
    ),
    Mark(
        _("People, places and rules"),
        _("Administration holds accounts, roles, services and settings, and says who changed what."),
        (".sidenav a[href='/admin/']", _MENU),
    ),
    Mark(
        _("Settings by name"),
        _("Ctrl K and a colon, then a word: every setting is found by what it is called or what it does."),
        _FIND,
    ),
    AGENT[0],
    _LATER,
)


def marks(actor: Actor) -> Sequence[Mark]:
    """The notes for what this person does here."""
    if set_up.guides(actor):
        return ADMINISTRATOR
    return LEAD if actor.scope(RECORDS_LEAD) else AGENT
