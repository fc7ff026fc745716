-- One row per customer who bought between an instant and the end of a day.
SELECT DISTINCT customer_id
  FROM orders_v_net
 WHERE customer_id = ANY (%(customer_ids)s) AND is_counted AND ordered_at >= %(since)s AND ordered_on <= %(until_on)s
