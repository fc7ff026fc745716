-- One row: the member with this code. None if nobody has it or they are no member; nor if anything is other than the
-- caller remembers: the API key in force, the zone of the company, its programme and the rules of today.
SELECT c.id
  FROM customers_v_customer c
  JOIN programmes_v_member m ON m.customer_id = c.id AND m.is_member
 WHERE c.code = %(code)s
   AND EXISTS (SELECT FROM staff_v_key WHERE key_id = %(key_id)s::bigint)
   AND (SELECT zone FROM staff_v_company) = %(zone)s
   AND (SELECT (programme_id, version_id, created_at) FROM programmes_v_rules WHERE valid_from <= %(today)s::date
         ORDER BY valid_from DESC, version DESC LIMIT 1)
     = (%(programme_id)s::smallint, %(rule_version)s::bigint, %(ruled_at)s::timestamptz)
