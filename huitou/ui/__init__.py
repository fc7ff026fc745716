"""The cloth: templates, stylesheets, charts, icons and words shared by the doors that speak HTML."""
