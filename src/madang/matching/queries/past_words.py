"""What a buyer did about titles like one that she meets, in words: to herself, and to an organiser."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from madang.matching.queries.past import Did

OWN: Mapping[Did, Promise] = {
    Did.ASKED: ngettext_lazy(
        "You asked for a meeting about a title like this: %(titles)s",
        "You asked for meetings about %(n)s titles like this: %(titles)s",
        "n",
    ),
    Did.ACCEPTED: ngettext_lazy(
        "You said yes to a meeting about a title like this: %(titles)s",
        "You said yes to meetings about %(n)s titles like this: %(titles)s",
        "n",
    ),
    Did.DECLINED: ngettext_lazy(
        "You said no to a meeting about a title like this: %(titles)s",
        "You said no to meetings about %(n)s titles like this: %(titles)s",
        "n",
    ),
    Did.MET: ngettext_lazy(
        "You met about a title like this: %(titles)s", "You met about %(n)s titles like this: %(titles)s", "n"
    ),
    Did.COLD: ngettext_lazy(
        "You met about a title like this without interest: %(titles)s",
        "You met about %(n)s titles like this without interest: %(titles)s",
        "n",
    ),
    Did.NEGOTIATED: ngettext_lazy(
        "Your company negotiates a title like this: %(titles)s",
        "Your company negotiates %(n)s titles like this: %(titles)s",
        "n",
    ),
    Did.LICENSED: ngettext_lazy(
        "Your company licensed a title like this: %(titles)s", "Your company licensed %(n)s titles like this: %(titles)s", "n"
    ),
    Did.INTERESTED: ngettext_lazy(
        "You called a title like this interesting: %(titles)s", "You called %(n)s titles like this interesting: %(titles)s", "n"
    ),
    Did.NOT_FOR_ME: ngettext_lazy(
        "You said of a title like this that it is not for you: %(titles)s",
        "You said of %(n)s titles like this that they are not for you: %(titles)s",
        "n",
    ),
}
HERS: Mapping[Did, Promise] = {
    Did.ASKED: ngettext_lazy(
        "The buyer asked for a meeting about a title like this: %(titles)s",
        "The buyer asked for meetings about %(n)s titles like this: %(titles)s",
        "n",
    ),
    Did.ACCEPTED: ngettext_lazy(
        "The buyer said yes to a meeting about a title like this: %(titles)s",
        "The buyer said yes to meetings about %(n)s titles like this: %(titles)s",
        "n",
    ),
    Did.DECLINED: ngettext_lazy(
        "The buyer said no to a meeting about a title like this: %(titles)s",
        "The buyer said no to meetings about %(n)s titles like this: %(titles)s",
        "n",
    ),
}
"""Of the buyer's past an organiser knows no more."""
OF_ITSELF: Mapping[tuple[bool, bool], Promise] = {
    (True, True): gettext_lazy("You took it up before"),
    (True, False): gettext_lazy("You said no to it before"),
    (False, True): gettext_lazy("The buyer took it up before"),
    (False, False): gettext_lazy("The buyer said no to it before"),
}
"""(whether she reads it herself, whether she was for it): of the title itself."""
