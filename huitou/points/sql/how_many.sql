-- One row: how many transfers there are, as the accounts count them (I15 is that they count right).
SELECT coalesce(sum(version), 0)::bigint FROM points_account;
