-- One row per programme that has an account.
SELECT DISTINCT programme_id FROM points_account WHERE kind = 'system' ORDER BY programme_id;
