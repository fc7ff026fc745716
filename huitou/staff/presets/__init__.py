"""What the house starts from until a shop says otherwise: known settings, their checks, an
industry's windows.
"""
