-- One row: how many transfers there are.
SELECT count(*) FROM points_transfer;
