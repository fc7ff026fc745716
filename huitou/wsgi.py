"""The site as a WSGI application."""

import importlib
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huitou.settings")
application = get_wsgi_application()
# "Why" on a customer's page needs the models; loading them takes seconds, which no reader should
# wait for.
threading.Thread(
    target=importlib.import_module, args=("huitou.insights.explain",), daemon=True
).start()
