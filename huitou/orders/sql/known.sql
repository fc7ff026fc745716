-- One row per order of the file that is known: its id, whether it says the same, which import created it.
SELECT i.ord_no, o.id, o.digest = i.digest AS is_same, o.created_import_id
  FROM orders_incoming i
  JOIN orders_order o ON o.source = %(source)s AND o.number = i.number
