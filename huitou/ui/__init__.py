"""The cloth: templates, stylesheets, charts, icons and words of the doors that speak HTML."""
