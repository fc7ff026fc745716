-- One row per unit asked for: the account its points are issued from.
SELECT unit, id
  FROM points_account
 WHERE programme_id = %(programme_id)s AND unit = ANY (%(units)s) AND name = 'issued' AND customer_id IS NULL;
