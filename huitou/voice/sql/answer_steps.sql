-- One row per step: how many answers of the file take it.
SELECT step, count(*) FROM voice_incoming GROUP BY step
