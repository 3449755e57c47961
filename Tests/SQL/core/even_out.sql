BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- The time of a call from inside its own statement, in hundredths of a second.
CREATE FUNCTION pg_temp.taken(p_work double precision) RETURNS numeric
LANGUAGE plpgsql
AS $function$
BEGIN
    PERFORM pg_sleep(p_work);
    PERFORM core.even_out();
    RETURN extract(epoch FROM clock_timestamp() - statement_timestamp()) * 100;
END
$function$;
SELECT cmp_ok(pg_temp.taken(0), '>=', 1.0, 'even_out: not before the next hundredth');
SELECT cmp_ok(pg_temp.taken(0.012), '>=', 2.0, 'even_out: whichever comes next');

-- Where it must not be missing: what finds nobody is done within a millisecond or two.
CREATE FUNCTION pg_temp.taken_by(p_call text) RETURNS numeric
LANGUAGE plpgsql
AS $function$
BEGIN
    EXECUTE p_call;
    RETURN extract(epoch FROM clock_timestamp() - statement_timestamp()) * 100;
END
$function$;
SELECT cmp_ok(pg_temp.taken_by(c), '>=', 1.0, 'even_out: ' || c)
FROM unnest(ARRAY[
    $$SELECT core.request_password_reset('nobody@example.com', '/x?t=', NULL, NULL)$$,
    $$SELECT core.request_verification('nobody@example.com', '/x?t=', 'x', NULL, NULL)$$,
    $$SELECT core.send_code(NULL, 'activation', 'activation', NULL)$$,
    $$SELECT core.try_password(NULL, 'nobody', 'wrong', NULL, NULL, 'test')$$,
    $$SELECT core.verify_code(NULL, 'activation', '123456', 'x', NULL, NULL)$$]) AS c;

SELECT * FROM finish();
ROLLBACK;
