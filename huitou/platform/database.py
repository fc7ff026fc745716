"""How programs other than Django reach the database: one libpq address of the application."""

from urllib.parse import quote, urlencode

from django.db import connections


def uri(alias: str = "default") -> str:
    """The libpq address of Django's database ``alias``, secrets included: never log it."""
    settings = connections[alias].settings_dict
    user, password = quote(str(settings["USER"])), quote(str(settings["PASSWORD"]))
    where = {"host": str(settings["HOST"]), "port": str(settings["PORT"])}
    options = urlencode({name: value for name, value in where.items() if value})
    return f"postgresql://{user}:{password}@/{quote(str(settings['NAME']))}?{options}"
