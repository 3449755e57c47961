-- Answers that must not tell by their time what they do not tell by their words.

CREATE FUNCTION core.even_out() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    c_step CONSTANT numeric := 0.01;
    v_elapsed numeric := extract(epoch FROM clock_timestamp() - statement_timestamp());
BEGIN
    PERFORM pg_sleep((ceil(v_elapsed / c_step) * c_step - v_elapsed)::double precision);
END
$function$;
COMMENT ON FUNCTION core.even_out() IS
    'Waits until the statement has taken a whole number of hundredths of a second: the millisecond by '
    'which writing a mail takes longer than writing none then shows no more. For the slow lane.';
