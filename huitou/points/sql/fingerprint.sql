-- One row: a fingerprint of all that the first transfers say, and how many they are (I9: the past is immutable).
-- %(upto)s  the last transfer of them
SELECT coalesce(bit_xor(points_fingerprint(t)), 0)::bigint, count(*)
  FROM points_transfer t
 WHERE t.id <= %(upto)s;
