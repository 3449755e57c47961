-- Accounts: made, proved, recovered, closed.

CREATE FUNCTION core.find_account(p_email text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT a.id
    FROM app.account AS a
    WHERE a.email_key = core.email_key(p_email) AND a.state <> 'closed'
$function$;
COMMENT ON FUNCTION core.find_account(text) IS
    'The account of a primary address, in any case of letters; a closed one is as unknown.';

CREATE FUNCTION core.account_state(p_account_id bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$ SELECT a.state FROM app.account AS a WHERE a.id = p_account_id $function$;
COMMENT ON FUNCTION core.account_state(bigint) IS
    'The state of an account: pending, active, disabled, blocked or closed.';

CREATE FUNCTION core.make_account(
    p_email text,
    p_password text,
    p_first_name text,
    p_last_name text,
    p_contract text,
    p_flow text,
    p_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_hash text;
    v_id bigint;
BEGIN
    IF core.is_address_taken(p_email) THEN
        RETURN NULL;
    END IF;
    -- Hashing first, for it takes long: the address is held only for the moment of writing.
    v_hash := core.hash_password(p_password);
    PERFORM core.lock_address(p_email);
    IF core.is_address_taken(p_email) THEN
        RETURN NULL;
    END IF;
    INSERT INTO app.account AS a
        (email, password_hash, password_flow, password_set_at, first_name, last_name, created_via,
         created_at, updated_at)
    VALUES
        (p_email, v_hash, p_flow, p_at, p_first_name, p_last_name, p_contract, p_at, p_at)
    ON CONFLICT ON CONSTRAINT account_email_taken DO NOTHING
    RETURNING a.id INTO v_id;
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION core.make_account(text, text, text, text, text, text, timestamptz) IS
    'A new, pending account; NULL where the address is taken, also of many who ask at once all but '
    'one.';

CREATE FUNCTION core.send_confirmation(
    p_account_id bigint,
    p_path text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_email text;
BEGIN
    SELECT a.email INTO STRICT v_email FROM app.account AS a WHERE a.id = p_account_id;
    PERFORM core.post_mail(
        'confirmation', v_email, p_account_id,
        core.issue_mailed_token(p_account_id, 'confirmation', v_email, interval '7 days', p_at),
        jsonb_build_object('path', p_path), p_request_id, p_at);
END
$function$;
COMMENT ON FUNCTION core.send_confirmation(bigint, text, text, timestamptz) IS
    'Mails the link p_path + token that confirms the primary address, good for 7 days.';

CREATE FUNCTION core.prove_email(
    p_account_id bigint,
    p_flow text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    UPDATE app.account AS a
    SET password_hash = NULL, updated_at = p_at
    WHERE a.id = p_account_id
        AND a.email_confirmed_at IS NULL
        AND a.password_hash IS NOT NULL
        AND a.password_flow <> p_flow;
    IF FOUND THEN
        PERFORM core.end_sessions(p_account_id);
    END IF;
    UPDATE app.account AS a
    SET email_confirmed_at = coalesce(a.email_confirmed_at, p_at),
        state = CASE a.state WHEN 'pending' THEN 'active' ELSE a.state END,
        activated_at = CASE a.state WHEN 'pending' THEN p_at ELSE a.activated_at END,
        updated_at = p_at
    WHERE a.id = p_account_id;
    DELETE FROM app.mailed_token AS t
    WHERE t.account_id = p_account_id AND t.purpose = 'confirmation';
END
$function$;
COMMENT ON FUNCTION core.prove_email(bigint, text, timestamptz) IS
    'A mailed code or link for the primary address came back, in the given flow: the address is '
    'proved, a pending account active. A password set before the first proof in another flow dies, '
    'and its sessions with it: somebody else may have set it.';

CREATE FUNCTION core.confirm_email(
    p_token text,
    p_flow text,
    p_at timestamptz DEFAULT now(),
    OUT account_id bigint,
    OUT state text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    SELECT t.account_id INTO account_id
    FROM core.take_mailed_token(p_token, 'confirmation', p_at) AS t;
    IF account_id IS NULL THEN
        RETURN;
    END IF;
    PERFORM core.prove_email(account_id, p_flow, p_at);
    PERFORM core.note('email.confirmed', account_id, p_at => p_at);
    state := core.account_state(account_id);
END
$function$;
COMMENT ON FUNCTION core.confirm_email(text, text, timestamptz) IS
    'Uses a confirmation token up: the account whose address it proves, and the state that has now. '
    'NULL where the token is not good: unknown, used, replaced, or older than 7 days.';

CREATE FUNCTION core.request_password_reset(
    p_email text,
    p_path text,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account app.account%ROWTYPE;
BEGIN
    SELECT a.* INTO v_account
    FROM app.account AS a
    WHERE a.email_key = core.email_key(p_email)
        AND (a.state = 'active'
            OR (a.state = 'pending'
                AND (a.created_via <> 'dsrt_v1' OR a.created_at > p_at - interval '7 days')))
    FOR NO KEY UPDATE;
    -- Written for unknown addresses too: a transaction that writes nothing would be told by its time.
    PERFORM core.note('password.forgotten', v_account.id, p_address, p_request_id, p_at => p_at);
    IF v_account.id IS NULL OR EXISTS (
        SELECT
        FROM app.mail AS m
        WHERE m.account_id = v_account.id
            AND m.kind = 'password_reset'
            AND m.created_at > p_at - interval '1 minute')
    THEN
        RETURN;
    END IF;
    PERFORM core.post_mail(
        'password_reset', v_account.email, v_account.id,
        core.issue_mailed_token(
            v_account.id, 'password_reset', v_account.email, interval '24 hours', p_at),
        jsonb_strip_nulls(jsonb_build_object(
            'path', p_path,
            'name', CASE WHEN v_account.email_confirmed_at IS NOT NULL
                THEN v_account.first_name END)),
        p_request_id, p_at);
END
$function$;
COMMENT ON FUNCTION core.request_password_reset(text, text, text, text, timestamptz) IS
    'Mails the link p_path + token that resets the password, good once and for 24 hours, at most one '
    'a minute; none for a registration that the sweep is about to delete, so that nobody keeps an '
    'address taken by asking again and again. Nothing tells the caller whether there was anybody to '
    'mail to.';

CREATE FUNCTION core.reset_password(
    p_token text,
    p_password text,
    p_flow text,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account_id bigint;
BEGIN
    SELECT t.account_id INTO v_account_id
    FROM core.take_mailed_token(p_token, 'password_reset', p_at) AS t;
    IF v_account_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM core.set_password(v_account_id, p_password, p_flow, NULL, p_at);
    PERFORM core.prove_email(v_account_id, p_flow, p_at);
    PERFORM core.note('password.reset', v_account_id, p_address, p_request_id, p_at => p_at);
    RETURN v_account_id;
END
$function$;
COMMENT ON FUNCTION core.reset_password(text, text, text, text, text, timestamptz) IS
    'Uses a reset token up: sets the password, ends all sessions, and proves the address, for the '
    'mail came back. NULL where the token is not good.';

CREATE FUNCTION core.close_account(
    p_account_id bigint,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    UPDATE app.account AS a
    SET state = 'closed', closed_at = p_at, updated_at = p_at, password_hash = NULL,
        is_group_creator = false
    WHERE a.id = p_account_id AND a.state <> 'closed';
    DELETE FROM app.mailed_token AS t WHERE t.account_id = p_account_id;
    PERFORM core.give_up_mail(m.id, 'account closed', p_at)
    FROM app.mail AS m
    WHERE m.account_id = p_account_id AND m.state = 'pending';
    PERFORM core.end_sessions(p_account_id);
    PERFORM core.note('account.closed', p_account_id, p_address, p_request_id, p_at => p_at);
END
$function$;
COMMENT ON FUNCTION core.close_account(bigint, text, text, timestamptz) IS
    'Closes an account: its sessions, links and unsent mails end now; its address and username stay '
    'taken for 30 days, after which the sweep empties the row.';

CREATE FUNCTION core.lock_account(p_account_id bigint) RETURNS app.account
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account app.account%ROWTYPE;
BEGIN
    SELECT a.* INTO STRICT v_account
    FROM app.account AS a
    WHERE a.id = p_account_id
    FOR NO KEY UPDATE;
    RETURN v_account;
END
$function$;
COMMENT ON FUNCTION core.lock_account(bigint) IS
    'The account as it stands, held until the transaction ends, for rules that write by what they read.';
