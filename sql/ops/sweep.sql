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
    what := 'sessions';
    removed := core.sweep_sessions(p_at, p_batch);
    RETURN NEXT;
    what := 'mailed_tokens';
    removed := core.sweep_mailed_tokens(p_at, p_batch);
    RETURN NEXT;
    what := 'unconfirmed_accounts';
    removed := core.sweep_unconfirmed_accounts(p_at, p_batch);
    RETURN NEXT;
    what := 'closed_accounts';
    removed := core.sweep_closed_accounts(p_at, p_batch);
    RETURN NEXT;
    what := 'undelivered_mail';
    removed := core.sweep_undelivered_mail(p_at, p_batch);
    RETURN NEXT;
    what := 'mail';
    removed := core.sweep_mail(p_at, p_batch);
    RETURN NEXT;
    what := 'audit';
    removed := core.sweep_audit(p_at, p_batch);
    RETURN NEXT;
    what := 'idempotency_records';
    removed := http.forget_answers(p_at, p_batch)::bigint;
    RETURN NEXT;
END
$function$;
COMMENT ON FUNCTION ops.sweep(timestamptz, integer) IS
    'Removes what has expired at p_at, at most p_batch of each kind, and says how many. Call it again '
    'while something is removed. No row: somebody else sweeps at this moment.';
