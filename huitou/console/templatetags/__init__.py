"""Template tags of the staff console: figures for stylesheets, codes as words."""
