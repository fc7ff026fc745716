-- One row per key of a source that happened, among those with the external ids %(external_ids)s.
SELECT t.external_id, t.leg
  FROM points_transfer t
 WHERE t.source = %(source)s AND t.external_id = ANY (%(external_ids)s::text[]);
