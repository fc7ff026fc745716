"""The staff console: pages in HTML.

A door decides nothing: it translates in, makes one call, translates out.
"""
