-- Idempotency-Key: the first answer is kept in the transaction of its effect, and given again.

CREATE FUNCTION http.idempotency_id(p_caller text, p_function text, p_request http.request)
RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT sha256(convert_to(json_build_array(
        p_caller, p_request.method, p_function, p_request.path, p_request.key)::text, 'UTF8'));
$function$;
COMMENT ON FUNCTION http.idempotency_id(text, text, http.request) IS
    'What makes two requests the same one: caller, method, function, values in the path, key.';

CREATE FUNCTION http.lapsed_caller(p_token text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT 'token:' || encode(sha256(convert_to(p_token, 'UTF8')), 'hex');
$function$;
COMMENT ON FUNCTION http.lapsed_caller(text) IS
    'The caller named by a token that no longer counts.';

CREATE FUNCTION http.keep_answer(p_id bytea, p_lapsed_id bytea, p_answer http.response) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_kept http.response := p_answer;
BEGIN
    IF p_answer.new_token IS NULL THEN
        v_kept.session_id := NULL;
    ELSE
        v_kept.headers := replace(p_answer.headers, p_answer.new_token, encode(p_id, 'hex'));
        v_kept.body := replace(p_answer.body, p_answer.new_token, encode(p_id, 'hex'));
    END IF;
    UPDATE app.idempotency_record AS k
       SET lapsed_id = p_lapsed_id, status = v_kept.status, outcome = v_kept.outcome,
           headers = v_kept.headers, body = v_kept.body, session_id = v_kept.session_id,
           created_at = now()
     WHERE k.id = p_id;
END
$function$;
COMMENT ON FUNCTION http.keep_answer(bytea, bytea, http.response) IS
    'Completes a record. Where the answer issues a token, the id stands in for it.';

CREATE FUNCTION http.replay_answer(
    p_record app.idempotency_record,
    p_contract text,
    p_request http.request
) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    c_replayed CONSTANT text := E'Idempotency-Replayed: true\n';
    v_account_id bigint;
    v_code_proved_at timestamptz;
    v_session_id bigint;
    v_token text;
BEGIN
    IF p_record.session_id IS NULL THEN
        RETURN ROW(p_record.status, p_record.outcome, concat(p_record.headers, c_replayed),
            p_record.body, NULL, NULL)::http.response;
    END IF;

    -- In the order of everywhere: whoever judges passwords of the account, then its row. A new password
    -- that is under way is waited for.
    PERFORM core.hold_password_subject(core.password_subject(s.account_id, NULL))
       FROM app.session AS s
      WHERE s.id = p_record.session_id;
    PERFORM
       FROM app.session AS s
      INNER JOIN app.account AS a ON a.id = s.account_id
      WHERE s.id = p_record.session_id
        FOR NO KEY UPDATE OF a;
    DELETE FROM app.session AS s
     USING app.account AS a
     WHERE s.id = p_record.session_id
       AND s.expires_at > now()
       AND a.id = s.account_id
       AND (a.password_set_at > p_record.created_at) IS NOT TRUE
    RETURNING s.account_id, s.code_proved_at INTO v_account_id, v_code_proved_at;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    SELECT o.session_id, o.token
      INTO v_session_id, v_token
      FROM core.open_session(v_account_id, p_contract, p_request.address, p_request.user_agent,
                             p_request.id) AS o;
    UPDATE app.session AS s
       SET code_proved_at = v_code_proved_at
     WHERE s.id = v_session_id AND v_code_proved_at IS NOT NULL;
    UPDATE app.idempotency_record AS k SET session_id = v_session_id WHERE k.id = p_record.id;
    RETURN ROW(
        p_record.status, p_record.outcome,
        concat(replace(p_record.headers, encode(p_record.id, 'hex'), v_token), c_replayed),
        replace(p_record.body, encode(p_record.id, 'hex'), v_token),
        v_session_id, v_token)::http.response;
END
$function$;
COMMENT ON FUNCTION http.replay_answer(app.idempotency_record, text, http.request) IS
    'The kept answer once more. One that carried a token carries a fresh one, and the session of '
    'the first ends; NULL if that session has ended already, as by log-out, because then nothing '
    'may bring it back, or if a password was set since, because then the old one opens nothing.';

CREATE FUNCTION http.answer_once(
    p_function text,
    p_contract text,
    p_account_id bigint,
    p_request http.request
) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_caller text := coalesce('account:' || p_account_id, 'address:' || p_request.address, '');
    v_id bytea;
    v_lapsed_id bytea;
    -- The key makes it of no use for trying passwords: it is kept nowhere, and seldom guessed.
    v_fingerprint bytea := sha256(convert_to(
        concat(p_request.key, E'\n', p_request.query, E'\n', p_request.body), 'UTF8'));
    v_record app.idempotency_record;
    v_answer http.response;
BEGIN
    -- A retried log-out comes with a token that the first try made void.
    v_lapsed_id := http.idempotency_id(
        http.lapsed_caller(p_request.token), p_function, p_request);
    IF p_account_id IS NULL AND p_request.token IS NOT NULL THEN
        SELECT k.id INTO v_id FROM app.idempotency_record AS k WHERE k.lapsed_id = v_lapsed_id;
    END IF;
    v_id := coalesce(v_id, http.idempotency_id(v_caller, p_function, p_request));

    -- Whoever comes second waits here for the first to commit, and holds the record until the end:
    -- replays of one record follow each other. The row is ours (FOUND) when it is new or older than
    -- a day.
    INSERT INTO app.idempotency_record AS k (id, caller, function, fingerprint, created_at)
    VALUES (v_id, v_caller, p_function, v_fingerprint, now())
    ON CONFLICT (id) DO UPDATE
       SET fingerprint = excluded.fingerprint, created_at = excluded.created_at
     WHERE k.created_at <= excluded.created_at - interval '24 hours';

    IF NOT FOUND THEN
        SELECT k.* INTO v_record FROM app.idempotency_record AS k WHERE k.id = v_id;
        IF v_record.fingerprint <> v_fingerprint THEN
            RETURN http.refuse(p_contract, 'key_reused');
        END IF;
        v_answer := http.replay_answer(v_record, p_contract, p_request);
        IF v_answer.status IS NOT NULL THEN
            RETURN v_answer;
        END IF;
    END IF;

    BEGIN
        v_answer := http.call_route(p_function, p_request);
    EXCEPTION WHEN SQLSTATE 'RP400' THEN
        v_answer := http.refuse(p_contract, 'malformed');
    END;

    -- What asks to come back later is asked anew; a page with a form has a token in it.
    IF v_answer.outcome >= 500
        OR v_answer.outcome IN (423, 429)
        OR v_answer.headers ~ '(^|\n)(Retry-After: |Content-Type: text/html)'
    THEN
        DELETE FROM app.idempotency_record AS k WHERE k.id = v_id;
        RETURN v_answer;
    END IF;
    IF p_account_id IS NULL OR EXISTS (SELECT FROM core.caller(p_request.token)) THEN
        v_lapsed_id := NULL;
    END IF;
    PERFORM http.keep_answer(v_id, v_lapsed_id, v_answer);
    RETURN v_answer;
END
$function$;
COMMENT ON FUNCTION http.answer_once(text, text, bigint, http.request) IS
    'Calls a contract function once for an Idempotency-Key, and answers a retry as it answered '
    'then. 5xx, 423, 429, whatever says Retry-After, and pages are not kept: they can be tried again.';

CREATE FUNCTION http.forget_answers(p_at timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_forgotten integer;
BEGIN
    DELETE FROM app.idempotency_record AS k
     USING (SELECT d.id
              FROM app.idempotency_record AS d
             WHERE d.created_at <= p_at - interval '24 hours'
             ORDER BY d.created_at
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED) AS due
     WHERE k.id = due.id;
    GET DIAGNOSTICS v_forgotten = ROW_COUNT;
    RETURN v_forgotten;
END
$function$;
COMMENT ON FUNCTION http.forget_answers(timestamptz, integer) IS
    'Deletes at most p_limit answers older than a day, and says how many. For the sweep.';
