"""Benchmarks: each module has ``run() -> list`` of rows {name, ratio, bar, holds, detail}; larger is better."""
