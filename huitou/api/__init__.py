"""The REST interface for tills, web shops and partners.

A door decides nothing: it translates in, makes one call, translates out.
"""
