"""Imports on record: what a file was, what it would change, what it changed."""
