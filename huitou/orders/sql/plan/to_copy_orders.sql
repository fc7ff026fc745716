-- One row per order to write, in the columns of the table.
SELECT s.order_id AS id, $source AS source, o.number, p.customer_id, t.store_id, o.channel, o.status, o.ordered_at,
       o.ordered_on, o.paid_at, o.total_minor, o.returned_minor, o.unmatched_minor, o.cost_minor, o.costed_minor,
       o.tax_minor, o.delivery_minor, o.discount_minor, o.main_category, o.is_counted,
       '\x' || d.digest AS digest, $import_id::BIGINT AS import_id,
       coalesce(s.created_import_id, $import_id)::BIGINT AS created_import_id
  FROM to_write s
  JOIN ord o USING (ord_no)
  JOIN digest d USING (ord_no)
  JOIN store_id t ON t.store = o.store
  LEFT JOIN person_id p ON p.customer = o.customer
 ORDER BY s.order_id;
