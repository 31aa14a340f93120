"""
The pages that a person opens.

Each view gives one HTML document and takes nothing from the request but the active
language. What a person does on a page happens in her browser; what has to be sent goes to
the JSON endpoints of this door, never to a page. The page that ends e-mails is the exception:
it works without scripts. No view sets a cookie or reads one.
"""

from django.urls import path

from tegenbeeld.content.articles import ARTICLES
from tegenbeeld.server.portal.pages import articles, case, reading, removal, steps, stop

urlpatterns = [
    path("", reading.home, name="home"),
    path("steps/", steps.steps, name="steps"),
    path("protect/", case.protect, name="protect"),
    path("follow/", case.follow, name="follow"),
    path("check/", case.check, name="check"),
    path("help/", reading.help_lines, name="help"),
    path("remove/", removal.remove, name="remove"),
    *(path(f"{name}/", articles.show, {"name": name}, name=name) for name in ARTICLES),
    path("about/", reading.about, name="about"),
    path("stop/<str:token>", stop.stop, name="stop"),
]
