"""Benchmarks: each module has ``run() -> list`` of rows {name, ratio, bar, holds, detail}.

A larger ratio is better; a bar holds when ratio >= bar.
"""
