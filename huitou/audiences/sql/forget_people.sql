-- A row that goes is the figures of one of these customers whose orders left no purchase,
-- or one store of theirs; what is still true is written again by the next two statements.
WITH gone AS (
    DELETE FROM audiences_storeperson WHERE customer_id = ANY (%(ids)s)
)
DELETE FROM audiences_person p
 WHERE p.customer_id = ANY (%(ids)s)
   AND NOT EXISTS (SELECT FROM fresh_person f WHERE f.customer_id = p.customer_id);
