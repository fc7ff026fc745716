"""Plumbing every room stands on: facts, audit, jobs and their progress, imports on record, kept
files, the database.

Words: fact, audit entry, job, progress, import, kept file, cluster.
Invariants: a fact and its change commit together; an audit entry is never edited; a kept file is
named by its hash.
"""
