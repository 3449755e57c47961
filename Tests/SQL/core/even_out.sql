BEGIN;
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

SELECT * FROM finish();
ROLLBACK;
