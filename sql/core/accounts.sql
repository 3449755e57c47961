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

CREATE FUNCTION core.is_username_taken(p_username text, p_by_other_than bigint DEFAULT NULL)
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT EXISTS (
        SELECT
        FROM app.account AS a
        WHERE a.username_key = core.email_key(p_username) AND a.id IS DISTINCT FROM p_by_other_than)
$function$;
COMMENT ON FUNCTION core.is_username_taken(text, bigint) IS
    'Whether the username is somebody''s (else), in any case of letters; also a closed account''s.';

CREATE FUNCTION core.make_account(
    p_email text,
    p_password text,
    p_first_name text,
    p_last_name text,
    p_contract text,
    p_flow text,
    p_at timestamptz DEFAULT now(),
    p_username text DEFAULT NULL,
    p_pending_for interval DEFAULT '7 days') RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_hash text;
    v_id bigint;
BEGIN
    IF core.is_address_taken(p_email) OR core.is_username_taken(p_username) THEN
        RETURN NULL;
    END IF;
    -- Hashing first, for it takes long: the address is held only for the moment of writing.
    IF p_password IS NOT NULL THEN
        v_hash := core.hash_password(p_password);
    END IF;
    PERFORM core.lock_address(p_email);
    IF core.is_address_taken(p_email) THEN
        RETURN NULL;
    END IF;
    INSERT INTO app.account AS a
        (email, username, password_hash, password_flow, password_set_at, first_name, last_name,
         created_via, created_at, updated_at, state, activated_at, pending_until)
    VALUES
        (p_email, p_username, v_hash, CASE WHEN v_hash IS NOT NULL THEN p_flow END,
         CASE WHEN v_hash IS NOT NULL THEN p_at END, p_first_name, p_last_name,
         p_contract, p_at, p_at, CASE WHEN p_pending_for IS NULL THEN 'active' ELSE 'pending' END,
         CASE WHEN p_pending_for IS NULL THEN p_at END, p_at + p_pending_for)
    ON CONFLICT DO NOTHING
    RETURNING a.id INTO v_id;
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION core.make_account(
    text, text, text, text, text, text, timestamptz, text, interval) IS
    'A new account; NULL where the address or the username is taken, also of many who ask at once all '
    'but one. It is pending, and deleted after p_pending_for unless its address is proved by then; '
    'with NULL for that it is active at once. Without a password nobody can log in to it yet.';

CREATE FUNCTION core.send_confirmation(
    p_account_id bigint,
    p_path text,
    p_flow text,
    p_request_id text,
    p_purpose text DEFAULT 'confirmation',
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_email text;
BEGIN
    SELECT a.email INTO STRICT v_email FROM app.account AS a WHERE a.id = p_account_id;
    PERFORM core.keep_pending(p_account_id, p_at + interval '7 days');
    PERFORM core.post_mail(
        p_purpose, v_email, p_account_id,
        core.issue_mailed_token(
            p_account_id, p_purpose, v_email, interval '7 days', p_at, p_flow),
        jsonb_build_object('path', p_path), p_request_id, p_at);
END
$function$;
COMMENT ON FUNCTION core.send_confirmation(bigint, text, text, text, text, timestamptz) IS
    'Mails the link p_path + token that confirms the primary address, good for 7 days. p_purpose: '
    'confirmation, good once, or verification, which may be followed again.';

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
        pending_until = CASE a.state WHEN 'pending' THEN NULL ELSE a.pending_until END,
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
    p_at timestamptz DEFAULT now(),
    OUT account_id bigint,
    OUT state text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_flow text;
BEGIN
    SELECT t.account_id, t.flow
    INTO account_id, v_flow
    FROM core.take_mailed_token(p_token, 'confirmation', p_at) AS t;
    IF account_id IS NULL THEN
        RETURN;
    END IF;
    PERFORM core.prove_email(account_id, v_flow, p_at);
    PERFORM core.note('email.confirmed', account_id, p_at => p_at);
    state := core.account_state(account_id);
END
$function$;
COMMENT ON FUNCTION core.confirm_email(text, timestamptz) IS
    'Uses a confirmation token up: the account whose address it proves, and the state that has now. '
    'NULL where the token is not good: unknown, used, replaced, or older than 7 days.';

CREATE FUNCTION core.verify_email(p_token text, p_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account_id bigint;
    v_flow text;
BEGIN
    -- The account is held, so that of two who follow the link at once one proves it and one finds it proved.
    PERFORM
    FROM core.find_mailed_token(p_token, 'verification', p_at) AS f
    INNER JOIN app.account AS a ON a.id = f.account_id
    FOR NO KEY UPDATE OF a;
    SELECT f.account_id, f.flow
    INTO v_account_id, v_flow
    FROM core.find_mailed_token(p_token, 'verification', p_at) AS f;
    IF v_account_id IS NULL THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM app.account AS a
        WHERE a.id = v_account_id AND (a.email_confirmed_at IS NULL OR a.state = 'pending'))
    THEN
        PERFORM core.prove_email(v_account_id, v_flow, p_at);
        PERFORM core.note('email.confirmed', v_account_id, p_at => p_at);
    END IF;
    RETURN v_account_id;
END
$function$;
COMMENT ON FUNCTION core.verify_email(text, timestamptz) IS
    'The link of a verification mail was followed: its account, whose address is proved now or was '
    'before; followed twice it succeeds twice. NULL where the token is not good: unknown, replaced, '
    'or older than 7 days.';

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
    -- Those who ask for an unknown address at once wait for each other as those for a known one do.
    PERFORM core.lock_address(p_email);
    SELECT a.* INTO v_account
    FROM app.account AS a
    WHERE a.email_key = core.email_key(p_email)
        AND core.is_helped_by_link(a, p_at)
    FOR NO KEY UPDATE;
    -- Written for unknown addresses too: a transaction that writes nothing would be told by its time.
    PERFORM core.note('password.forgotten', v_account.id, p_address, p_request_id, p_at => p_at);
    IF v_account.id IS NOT NULL AND core.may_mail_link(v_account.id, 'password_reset', p_at) THEN
        PERFORM core.keep_pending(v_account.id, p_at + interval '24 hours');
        PERFORM core.post_mail(
            'password_reset', v_account.email, v_account.id,
            core.issue_mailed_token(
                v_account.id, 'password_reset', v_account.email, interval '24 hours', p_at),
            jsonb_strip_nulls(jsonb_build_object(
                'path', p_path,
                'name', CASE WHEN v_account.email_confirmed_at IS NOT NULL
                    THEN v_account.first_name END)),
            p_request_id, p_at);
    END IF;
    PERFORM core.even_out();
END
$function$;
COMMENT ON FUNCTION core.request_password_reset(text, text, text, text, timestamptz) IS
    'Mails the link p_path + token that resets the password, good once and for 24 hours: see '
    'core.may_mail_link; none for a registration that the sweep is about to delete, so that nobody keeps an '
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
    PERFORM core.forget_wrong_codes(v_account_id);
    PERFORM core.forget_wrong_passwords(v_account_id);
    PERFORM core.note('password.reset', v_account_id, p_address, p_request_id, p_at => p_at);
    RETURN v_account_id;
END
$function$;
COMMENT ON FUNCTION core.reset_password(text, text, text, text, text, timestamptz) IS
    'Uses a reset token up: sets the password, ends all sessions, and proves the address, for the '
    'mail came back; all counters are 0 again. NULL where the token is not good.';

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
