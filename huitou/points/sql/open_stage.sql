-- One row per award to be posted, of this session only; gone with its transaction.
DROP TABLE IF EXISTS pg_temp.points_stage;
CREATE TEMPORARY TABLE points_stage (
    n bigint NOT NULL,
    customer_id bigint NOT NULL,
    points bigint NOT NULL CHECK (points > 0),
    rule_version bigint,
    occurred_at timestamptz NOT NULL,
    effective_on date NOT NULL,
    expires_on date,
    leg smallint NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    unit text NOT NULL,
    why text NOT NULL
) ON COMMIT DROP;
