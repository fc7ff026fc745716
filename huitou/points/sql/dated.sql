-- At most one row: the days and the rules that the first transfer of a request was posted with; no last day = for ever.
SELECT effective_on, nullif(expires_on, 'infinity'), rule_version
  FROM points_transfer
 WHERE source = %(source)s AND external_id = %(external_id)s AND leg = 1;
