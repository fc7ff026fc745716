-- One row: a fingerprint of all that the first transfers say, and how many they are (I9: the past is immutable).
-- %(upto)s  the last transfer of them
SELECT coalesce(bit_xor(
           hashint8extended(t.id, hashint8extended(t.debit, hashint8extended(t.credit, hashint8extended(t.points,
           hashint8extended(t.balance_after, hashint8extended(coalesce(t.payload_digest, 0), hashint8extended(t.fact_id,
           hashint8extended(coalesce(t.previous_id, 0), hashint8extended(coalesce(t.reverses, 0),
           hashint8extended(coalesce(t.rule_version, 0), timestamp_hash_extended(t.occurred_at AT TIME ZONE 'UTC',
           hashtextextended(t.source, hashtextextended(t.external_id, hashtextextended(t.kind,
           jsonb_hash_extended(t.why, t.leg)))))))))))))))
       ), 0)::bigint,
       count(*)
  FROM points_transfer t
 WHERE t.id <= %(upto)s;
