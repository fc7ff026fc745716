-- One row: a customer's index and level in the standings in force; no row where nothing was measured yet.
UPDATE audiences_standing s
   SET loyalty_index = %(loyalty_index)s, loyalty_level = %(loyalty_level)s
  FROM audiences_standingslot f
 WHERE s.slot = f.slot AND s.customer_id = %(customer_id)s
   AND (s.loyalty_index, s.loyalty_level) IS DISTINCT FROM
       (%(loyalty_index)s::double precision, %(loyalty_level)s::text)
