-- What GroupCreators and their owners do to accounts: close, disable, enable, unblock.

CREATE FUNCTION core.hold_group_creators() RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    SELECT pg_advisory_xact_lock(hashtextextended('group creators', 0))
$function$;
COMMENT ON FUNCTION core.hold_group_creators() IS
    'Lets one transaction at a time take GroupCreators away: two who remove each other would leave '
    'nobody. Taken before any account''s row.';

CREATE FUNCTION core.is_last_group_creator(p_account_id bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT EXISTS (
            SELECT FROM core.group_creators() AS g WHERE g.id = p_account_id)
        AND NOT EXISTS (
            SELECT FROM core.group_creators() AS g WHERE g.id <> p_account_id)
$function$;
COMMENT ON FUNCTION core.is_last_group_creator(bigint) IS
    'Whether nobody would run the place without this account.';

CREATE FUNCTION core.close_account(
    p_account_id bigint,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now(),
    p_by bigint DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    IF core.is_last_group_creator(p_account_id) THEN
        RETURN 'last_group_creator';
    END IF;
    UPDATE app.account AS a
    SET state = 'closed', closed_at = p_at, updated_at = p_at, password_hash = NULL,
        is_group_creator = false
    WHERE a.id = p_account_id AND a.state <> 'closed';
    IF NOT FOUND THEN
        RETURN 'not_found';
    END IF;
    PERFORM core.end_mailed_secrets(p_account_id, 'account closed', p_at);
    PERFORM core.give_up_mail(m.id, 'account closed', p_at)
    FROM app.mail AS m
    WHERE m.account_id = p_account_id AND m.state = 'pending';
    PERFORM core.end_sessions(p_account_id);
    PERFORM core.note(
        'account.closed', p_account_id, p_address, p_request_id,
        jsonb_strip_nulls(jsonb_build_object('by', nullif(p_by, p_account_id))), p_at);
    RETURN 'closed';
END
$function$;
COMMENT ON FUNCTION core.close_account(bigint, text, text, timestamptz, bigint) IS
    'Closes an account: its sessions, links, codes and unsent mails end now; its address and username '
    'stay taken for 30 days, after which the sweep empties the row. closed, not_found (also: closed '
    'before), or last_group_creator, who stays. Call core.hold_group_creators before it.';

CREATE FUNCTION core.disable_account(
    p_account_id bigint,
    p_notes text,
    p_by bigint,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    PERFORM core.hold_group_creators();
    IF core.is_last_group_creator(p_account_id) THEN
        RETURN 'last_group_creator';
    END IF;
    UPDATE app.account AS a
    SET state = 'disabled', updated_at = p_at, notes = coalesce(p_notes, a.notes),
        disabled_at = CASE a.state WHEN 'disabled' THEN a.disabled_at ELSE p_at END
    WHERE a.id = p_account_id AND a.state <> 'closed';
    IF NOT FOUND THEN
        RETURN 'not_found';
    END IF;
    PERFORM core.end_mailed_secrets(p_account_id, 'account disabled', p_at);
    PERFORM core.end_sessions(p_account_id);
    PERFORM core.note(
        'account.disabled', p_account_id, p_address, p_request_id,
        jsonb_build_object('by', p_by), p_at);
    RETURN 'disabled';
END
$function$;
COMMENT ON FUNCTION core.disable_account(bigint, text, bigint, text, text, timestamptz) IS
    'Disables an account: sessions, links and codes end. disabled, not_found (also: closed), or '
    'last_group_creator, who stays. Without notes the older ones are kept.';

CREATE FUNCTION core.enable_account(
    p_account_id bigint,
    p_by bigint,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    UPDATE app.account AS a
    SET updated_at = p_at, disabled_at = NULL,
        state = CASE
            WHEN a.activated_at IS NOT NULL THEN 'active'
            WHEN a.blocked_at IS NOT NULL THEN 'blocked'
            ELSE 'pending'
        END,
        pending_until = CASE WHEN a.activated_at IS NULL THEN p_at + interval '24 hours' END,
        reopened_at = p_at
    WHERE a.id = p_account_id AND a.state = 'disabled';
    IF FOUND THEN
        PERFORM core.note(
            'account.enabled', p_account_id, p_address, p_request_id,
            jsonb_build_object('by', p_by), p_at);
    ELSIF coalesce(core.account_state(p_account_id), 'closed') = 'closed' THEN
        RETURN 'not_found';
    END IF;
    RETURN 'enabled';
END
$function$;
COMMENT ON FUNCTION core.enable_account(bigint, bigint, text, text, timestamptz) IS
    'Undoes core.disable_account: active again, or what it was before it was ever active. enabled '
    '(also: was not disabled), or not_found (also: closed).';

CREATE FUNCTION core.unblock_account(
    p_account_id bigint,
    p_by bigint,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    PERFORM core.hold_password_subject(core.password_subject(p_account_id, NULL));
    UPDATE app.account AS a
    SET updated_at = p_at, blocked_at = NULL,
        state = CASE a.state WHEN 'blocked' THEN 'pending' ELSE a.state END,
        pending_until = CASE WHEN a.state IN ('blocked', 'pending')
            THEN greatest(a.pending_until, p_at + interval '24 hours') END,
        reopened_at = p_at
    WHERE a.id = p_account_id AND a.state <> 'closed';
    IF NOT FOUND THEN
        RETURN 'not_found';
    END IF;
    PERFORM core.forget_wrong_codes(p_account_id);
    PERFORM core.forget_wrong_passwords(p_account_id);
    PERFORM core.note(
        'account.unblocked', p_account_id, p_address, p_request_id,
        jsonb_build_object('by', p_by), p_at);
    RETURN 'unblocked';
END
$function$;
COMMENT ON FUNCTION core.unblock_account(bigint, bigint, text, text, timestamptz) IS
    'Lifts a block and every lock of an account, all counters 0; one that was never active has 24 '
    'hours for a new code. unblocked, or not_found (also: closed).';
