"""Template tags: figures (numbers, money, days) and cloth (icons, data for charts)."""
