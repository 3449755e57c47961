-- rapport sweep: what expires, now.

CREATE FUNCTION ops.sweep(p_at timestamptz DEFAULT now(), p_batch integer DEFAULT 1000)
RETURNS TABLE (what text, removed bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('sweep', 0)) THEN
        RETURN;
    END IF;
    RETURN QUERY VALUES
        ('sessions', core.sweep_sessions(p_at, p_batch)),
        ('usage_intervals', core.sweep_usage(p_at, p_batch)),
        ('mailed_tokens', core.sweep_mailed_tokens(p_at, p_batch)),
        ('mailed_codes', core.sweep_mailed_codes(p_at, p_batch)),
        ('password_failures', core.sweep_password_failures(p_at, p_batch)),
        ('password_pressure', core.sweep_password_pressure(p_at, p_batch)),
        ('known_networks', core.sweep_known_networks(p_at, p_batch)),
        ('pending_accounts', core.sweep_pending_accounts(p_at, p_batch)),
        ('closed_accounts', core.sweep_closed_accounts(p_at, p_batch)),
        ('undelivered_mail', core.sweep_undelivered_mail(p_at, p_batch)),
        ('mail', core.sweep_mail(p_at, p_batch)),
        ('audit', core.sweep_audit(p_at, p_batch)),
        ('idempotency_records', http.forget_answers(p_at, p_batch)::bigint);
END
$function$;
COMMENT ON FUNCTION ops.sweep(timestamptz, integer) IS
    'Removes what has expired at p_at, at most p_batch of each kind, and says how many. Call it again '
    'while something is removed. No row: somebody else sweeps at this moment.';
