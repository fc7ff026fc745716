-- One row per channel and purpose on which a customer said something: the newest of it, in the columns of reach.sql.
SELECT channel, purpose, customer_id, '', state, '{}'::text[], false, false
  FROM (SELECT DISTINCT ON (channel, purpose) channel, purpose, customer_id, state
          FROM customers_consent
         WHERE customer_id = %(customer_id)s AND channel <> 'any'
         ORDER BY channel, purpose, stated_at DESC, id DESC) newest
