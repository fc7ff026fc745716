"""The site as a WSGI application."""

import importlib
import os
import threading

from django.core.wsgi import get_wsgi_application

from huitou.platform import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huitou.settings")
site = get_wsgi_application()
database.close_with_thread()
application = importlib.import_module("huitou.api.at_once").at_once(site)  # needs the models
# "Why" on a customer's page needs the models; loading them takes seconds, which no reader should
# wait for.
threading.Thread(
    target=importlib.import_module, args=("huitou.insights.explain",), daemon=True
).start()
