-- A row is one person a wave looks at: the reason they are not asked ('' = they are), and their token.
CREATE TEMP TABLE IF NOT EXISTS voice_inviting (customer_id bigint, reason text, token text) ON COMMIT DROP;
TRUNCATE voice_inviting;
