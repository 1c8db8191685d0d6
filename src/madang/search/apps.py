from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Search(AppConfig):
    name = "madang.search"
    verbose_name = _("Search")
