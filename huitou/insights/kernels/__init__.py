"""Purchase and money models: columns in, columns out.

Customers are columns: x (repeat purchases), t_x and T in days. Parameters are in weeks, the unit
models are published in; no score depends on it. Every model of ``models.MODELS`` answers the same
four questions: ``fit``, ``p_alive``, ``p_repeat``, ``expected_purchases``.
"""
