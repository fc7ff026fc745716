-- One row per row of the first customer that becomes the second's: all of them, or those of %(only)s.
UPDATE customers_merge SET customer_id = %(to)s
 WHERE customer_id = %(customer_id)s AND (%(only)s::bigint[] IS NULL OR id = ANY (%(only)s))
RETURNING id
