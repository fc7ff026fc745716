"""The pages of members and of everyone who is asked: phone first.

A door decides nothing: it translates in, makes one call, translates out.
"""
