-- The workbench of a plan. One row per reason to reject a row.
CREATE TABLE fault (n BIGINT, run_no INTEGER, line BIGINT, field VARCHAR, given VARCHAR, reason VARCHAR);

-- Texts of the file: a plain decimal, one with more than the given decimals, one that fits its column.
CREATE MACRO is_plain(t) AS regexp_full_match(t, '[+-]?[0-9]{1,18}([.][0-9]{1,30})?');
CREATE MACRO is_long(t) AS regexp_matches(t, '^[+-]?0*[1-9][0-9]{12}');
CREATE MACRO scaled(t, factor) AS try_cast(try_cast(t AS DECIMAL(22,4)) * factor AS BIGINT);
-- {decimals} is the currency's; DECIMAL rounds half away from zero, exactly.
CREATE MACRO to_currency(major) AS round(major, {decimals});
CREATE MACRO is_stamp(t) AS regexp_full_match(t,
    '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?');
-- 0 a bare date, 1 the store's clock, 2 an instant.
CREATE MACRO stamp_kind(t) AS CASE WHEN length(t) = 10 THEN 0
    WHEN regexp_matches(t, '(Z|[+-][0-9]{2}(:?[0-9]{2})?)$') THEN 2 ELSE 1 END;
-- A control character; blanks such as a tab or a line end are none inside a description.
CREATE MACRO has_control(t) AS regexp_matches(t, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]');
-- An instant as UTC, any other time as it stands.
CREATE MACRO to_stamp(t, kind) AS CASE WHEN kind = 2 THEN timezone('UTC', try_cast(t AS TIMESTAMPTZ))
    ELSE try_cast(t AS TIMESTAMP) END;
