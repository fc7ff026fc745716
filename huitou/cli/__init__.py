"""The command line: argv in, words or JSON out. Heavy imports stay inside the command that needs
them.
"""
