-- One row per coupon of this customer: nobody's now, and no longer to be used. Its serial stays unique among those of
-- nobody in particular.
UPDATE programmes_coupon
   SET customer_id = NULL, serial = -id, state = CASE state WHEN 'issued' THEN 'voided' ELSE state END
 WHERE customer_id = %(customer_id)s
