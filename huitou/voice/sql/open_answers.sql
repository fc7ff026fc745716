-- A row is an answer of the file, with what will be done with it.
CREATE TEMP TABLE IF NOT EXISTS voice_incoming (
    customer_id bigint, answered_at timestamptz, answered_on date, wave text, satisfaction text, recommendation text,
    repurchase_probability double precision, prefers_us boolean, resists_offers boolean, reason_to_stay text,
    expectation double precision, perception double precision, touchpoint text, comment text,
    benefit_product smallint, benefit_service smallint, benefit_staff smallint, benefit_image smallint,
    cost_money smallint, cost_time smallint, cost_effort smallint, cost_psychological smallint,
    answer_id bigint, step text
) ON COMMIT DROP;
TRUNCATE voice_incoming;
