-- A row is the last purchase day of one of these customers at one store.
INSERT INTO audiences_storeperson (customer_id, store_id, last_ordered_on)
SELECT customer_id, store_id, last_ordered_on
  FROM fresh_store_person
 WHERE customer_id = ANY (%(ids)s);
