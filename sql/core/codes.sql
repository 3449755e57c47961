-- Codes of six digits that travel by mail, and the ladder that wrong ones climb.

CREATE FUNCTION core.new_code() RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_bytes bytea;
    v_number bigint;
BEGIN
    -- Numbers above the last full million would come up more often than others.
    LOOP
        v_bytes := ext.gen_random_bytes(4);
        v_number := (get_byte(v_bytes, 0)::bigint << 24) + (get_byte(v_bytes, 1) << 16)
            + (get_byte(v_bytes, 2) << 8) + get_byte(v_bytes, 3);
        EXIT WHEN v_number < 4294000000;
    END LOOP;
    RETURN lpad((v_number % 1000000)::text, 6, '0');
END
$function$;
COMMENT ON FUNCTION core.new_code() IS 'Six random digits, all equally likely.';

CREATE FUNCTION core.code_ladder(p_account app.account) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT CASE WHEN p_account.activated_at IS NULL THEN 'code_never_active'
        ELSE 'code_once_active' END
$function$;
COMMENT ON FUNCTION core.code_ladder(app.account) IS 'Which ladder of app.lockout_step is the account''s.';

CREATE FUNCTION core.send_code(
    p_account_id bigint,
    p_purpose text,
    p_kind text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_code text := core.new_code();
    v_hash text := core.hash_password(v_code);
    v_account app.account%ROWTYPE;
BEGIN
    -- The hash is made for nobody too: a known address must not be told by its time.
    SELECT a.* INTO v_account
    FROM app.account AS a
    WHERE a.id = p_account_id AND a.state IN ('pending', 'active')
    FOR NO KEY UPDATE;
    IF NOT FOUND
        OR v_account.codes_locked_until > p_at
        OR EXISTS (
            SELECT
            FROM app.mailed_code AS c
            WHERE c.account_id = p_account_id
                AND c.purpose = p_purpose
                AND c.created_at > p_at - interval '1 minute')
    THEN
        PERFORM core.even_out();
        RETURN false;
    END IF;
    INSERT INTO app.mailed_code AS c
        (account_id, purpose, code_hash, address, created_at, expires_at)
    VALUES (
        p_account_id, p_purpose, v_hash, v_account.email, p_at, p_at + interval '24 hours')
    ON CONFLICT ON CONSTRAINT mailed_code_pkey DO UPDATE
    SET code_hash = excluded.code_hash, address = excluded.address,
        created_at = excluded.created_at, expires_at = excluded.expires_at;
    PERFORM core.keep_pending(p_account_id, p_at + interval '24 hours');
    PERFORM core.post_mail(
        p_kind, v_account.email, p_account_id, v_code,
        jsonb_strip_nulls(jsonb_build_object(
            'name', CASE WHEN v_account.email_confirmed_at IS NOT NULL
                THEN v_account.first_name END)),
        p_request_id, p_at);
    PERFORM core.even_out();
    RETURN true;
END
$function$;
COMMENT ON FUNCTION core.send_code(bigint, text, text, text, timestamptz) IS
    'Mails a fresh code for a purpose (activation, security_code), good for 24 hours; an older one '
    'dies with it. False, and nothing happens, for nobody (NULL), within a minute of the last one, '
    'while codes are locked, and for accounts that no code can help. It takes as long either way.';

CREATE FUNCTION core.request_code(
    p_email text,
    p_purpose text,
    p_kind text,
    p_kind_once_active text,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account_id bigint;
BEGIN
    -- Those who ask for an unknown address at once wait for each other as those for a known one do.
    PERFORM core.lock_address(p_email);
    v_account_id := core.find_account(p_email);
    -- Written for unknown addresses too: a transaction that writes nothing would be told by its time.
    PERFORM core.note('code.requested', v_account_id, p_address, p_request_id, p_at => p_at);
    PERFORM core.send_code(
        v_account_id, p_purpose,
        CASE core.account_state(v_account_id) WHEN 'active' THEN p_kind_once_active ELSE p_kind END,
        p_request_id, p_at);
END
$function$;
COMMENT ON FUNCTION core.request_code(text, text, text, text, text, text, timestamptz) IS
    'Somebody asks for a code for an address: see core.send_code. The mail is of p_kind or, once the '
    'account is active, of p_kind_once_active. Nothing tells the caller whether there was anybody to '
    'mail to. For the slow lane.';

CREATE FUNCTION core.verify_code(
    p_account_id bigint,
    p_purpose text,
    p_code text,
    p_flow text,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now(),
    OUT verdict text,
    OUT attempts_left integer,
    OUT locked_until timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_hash text;
    v_is_right boolean;
    v_account app.account%ROWTYPE;
BEGIN
    SELECT a.codes_locked_until, CASE WHEN a.state = 'blocked' THEN 'blocked' ELSE 'locked' END
    INTO locked_until, verdict
    FROM app.account AS a
    WHERE a.id = p_account_id AND (a.codes_locked_until > p_at OR a.state = 'blocked');
    IF FOUND THEN
        RETURN;
    END IF;

    -- Comparing takes long: it is done before the account is held. What is judged is what stands then.
    SELECT c.code_hash INTO v_hash
    FROM app.mailed_code AS c
    WHERE c.account_id = p_account_id AND c.purpose = p_purpose AND c.expires_at > p_at;
    v_is_right := core.password_matches(p_code, v_hash);

    SELECT a.* INTO v_account
    FROM app.account AS a
    WHERE a.id = p_account_id AND a.state IN ('pending', 'active', 'blocked')
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM core.note('code.wrong', NULL, p_address, p_request_id, p_at => p_at);
        verdict := 'wrong';
        attempts_left := core.failures_left('code_never_active', 1);
        PERFORM core.even_out();
        RETURN;
    ELSIF v_account.state = 'blocked' THEN
        verdict := 'blocked';
        RETURN;
    ELSIF v_account.codes_locked_until > p_at THEN
        verdict := 'locked';
        locked_until := v_account.codes_locked_until;
        RETURN;
    END IF;
    IF v_is_right THEN
        DELETE FROM app.mailed_code AS c
        WHERE c.account_id = p_account_id AND c.purpose = p_purpose AND c.code_hash = v_hash;
        v_is_right := FOUND;
    END IF;
    IF v_is_right THEN
        PERFORM core.prove_email(p_account_id, p_flow, p_at);
        PERFORM core.forget_wrong_codes(p_account_id);
        PERFORM core.forget_wrong_passwords(p_account_id);
        PERFORM core.note('code.right', p_account_id, p_address, p_request_id, p_at => p_at);
        verdict := 'right';
    ELSE
        SELECT w.verdict, w.attempts_left, w.locked_until
        INTO verdict, attempts_left, locked_until
        FROM core.count_wrong_code(v_account, p_address, p_request_id, p_at) AS w;
        PERFORM core.even_out();
    END IF;
END
$function$;
COMMENT ON FUNCTION core.verify_code(bigint, text, text, text, text, text, timestamptz) IS
    'A code came back. right: it is used up, the address proved in the given flow, a pending account '
    'active, all counters 0. wrong: counted, attempts_left to the next lock. locked: until '
    'locked_until nothing is looked at or counted. blocked: until a GroupCreator unblocks. For nobody '
    '(NULL) it is wrong, after the same time.';

CREATE FUNCTION core.count_wrong_code(
    p_account app.account,
    p_address text,
    p_request_id text,
    p_at timestamptz,
    OUT verdict text,
    OUT attempts_left integer,
    OUT locked_until timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_ladder text := core.code_ladder(p_account);
    v_count integer := p_account.wrong_codes + 1;
    v_lock_for interval;
    v_blocks boolean;
BEGIN
    SELECT s.lock_for, s.blocks
    INTO v_lock_for, v_blocks
    FROM core.lockout_step(v_ladder, v_count) AS s;
    locked_until := p_at + v_lock_for;
    UPDATE app.account AS a
    SET wrong_codes = v_count, last_wrong_code_at = p_at,
        codes_locked_at = CASE WHEN v_lock_for IS NULL THEN a.codes_locked_at ELSE p_at END,
        codes_locked_until = coalesce(p_at + v_lock_for, a.codes_locked_until),
        state = CASE WHEN v_blocks THEN 'blocked' ELSE a.state END,
        blocked_at = CASE WHEN v_blocks THEN p_at ELSE a.blocked_at END
    WHERE a.id = p_account.id;
    PERFORM core.note(
        'code.wrong', p_account.id, p_address, p_request_id,
        jsonb_build_object('count', v_count), p_at);
    IF v_blocks THEN
        verdict := 'blocked';
        PERFORM core.end_mailed_secrets(p_account.id, 'account blocked', p_at);
        PERFORM core.note('account.blocked', p_account.id, p_address, p_request_id, p_at => p_at);
    ELSIF v_lock_for IS NOT NULL THEN
        verdict := 'locked';
        PERFORM core.post_mail(
            'lockout', p_account.email, p_account.id, NULL,
            jsonb_build_object(
                'count', v_count,
                'until', to_char(locked_until AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')),
            p_request_id, p_at);
        PERFORM core.note(
            'account.locked', p_account.id, p_address, p_request_id,
            jsonb_build_object('count', v_count), p_at);
    ELSE
        verdict := 'wrong';
        attempts_left := core.failures_left(v_ladder, v_count);
    END IF;
END
$function$;
COMMENT ON FUNCTION core.count_wrong_code(app.account, text, text, timestamptz) IS
    'Counts a wrong code of an account that the caller holds, and takes the step it brings: a lock '
    'sends a mail, the last step blocks.';

CREATE FUNCTION core.forget_wrong_codes(p_account_id bigint) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    UPDATE app.account AS a
    SET wrong_codes = 0, last_wrong_code_at = NULL, codes_locked_at = NULL,
        codes_locked_until = NULL
    WHERE a.id = p_account_id
$function$;
COMMENT ON FUNCTION core.forget_wrong_codes(bigint) IS 'Sets the count of wrong codes to 0 and lifts its lock.';

CREATE FUNCTION core.keep_pending(p_account_id bigint, p_until timestamptz) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    UPDATE app.account AS a
    SET pending_until = greatest(a.pending_until, p_until)
    WHERE a.id = p_account_id AND a.state = 'pending'
$function$;
COMMENT ON FUNCTION core.keep_pending(bigint, timestamptz) IS
    'Does not delete a pending account before then: something under way can still prove its address.';

CREATE FUNCTION core.end_mailed_secrets(
    p_account_id bigint,
    p_reason text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    DELETE FROM app.mailed_token AS t WHERE t.account_id = p_account_id;
    DELETE FROM app.mailed_code AS c WHERE c.account_id = p_account_id;
    PERFORM core.give_up_mail(m.id, p_reason, p_at)
    FROM app.mail AS m
    WHERE m.account_id = p_account_id AND m.state = 'pending' AND m.secret IS NOT NULL;
END
$function$;
COMMENT ON FUNCTION core.end_mailed_secrets(bigint, text, timestamptz) IS
    'Ends every link and code of an account, also those whose mail has not gone out yet.';
