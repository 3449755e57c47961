-- The outbox: writing a mail down, turning it into a message, and its way to sent or failed.

CREATE FUNCTION core.header_text(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT btrim(regexp_replace(p_text, '[\x01-\x20\x7f-\x9f\u2028\u2029]+', ' ', 'g'))
$function$;
COMMENT ON FUNCTION core.header_text(text) IS
    'The text on one line: what stands in a header can start no other header.';

CREATE FUNCTION core.mail_from() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT coalesce(
        nullif(core.header_text(core.setting('mail_from')), ''),
        'Rapport <no-reply@localhost>')
$function$;
COMMENT ON FUNCTION core.mail_from() IS 'The sender of all mails: setting mail_from.';

CREATE FUNCTION core.mail_domain() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT coalesce(substring(core.mail_from() FROM '@([A-Za-z0-9.-]+)>?$'), 'localhost')
$function$;
COMMENT ON FUNCTION core.mail_domain() IS 'The domain of the sender, which names our Message-IDs.';

CREATE FUNCTION core.post_mail(
    p_kind text,
    p_recipient text,
    p_account_id bigint,
    p_secret text,
    p_parameters jsonb,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_id bigint;
BEGIN
    -- A kind without words fails here, with its cause, and not later in a worker.
    PERFORM core.mail_words(p_kind, p_parameters);
    INSERT INTO app.mail AS m
        (kind, account_id, recipient, secret, parameters, message_id, next_attempt_at, created_at,
         request_id)
    VALUES (
        p_kind, p_account_id, p_recipient, p_secret, coalesce(p_parameters, '{}'),
        '<' || gen_random_uuid() || '@' || core.mail_domain() || '>', p_at, p_at, p_request_id)
    RETURNING m.id INTO v_id;
    RETURN v_id;
END
$function$;
COMMENT ON FUNCTION core.post_mail(text, text, bigint, text, jsonb, text, timestamptz) IS
    'Puts a mail into the outbox, delivered after the transaction commits. p_secret: code or token '
    'in clear; p_parameters: name, and path, the link up to the secret without PUBLIC_URL.';

CREATE FUNCTION core.encode_header(p_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $function$
DECLARE
    v_text text := core.header_text(p_text);
    v_words text[] := ARRAY[]::text[];
    v_word text := '';
    v_character text;
BEGIN
    IF v_text !~ '[^\x20-\x7e]' AND v_text !~ '=\?' THEN
        RETURN v_text;
    END IF;
    FOREACH v_character IN ARRAY regexp_split_to_array(v_text, '') LOOP
        -- 45 bytes are 60 in base64, 72 with the frame: an encoded word has at most 75.
        IF octet_length(convert_to(v_word || v_character, 'UTF8')) > 45 THEN
            v_words := v_words || v_word;
            v_word := '';
        END IF;
        v_word := v_word || v_character;
    END LOOP;
    v_words := v_words || v_word;
    RETURN (
        SELECT string_agg(
            '=?UTF-8?B?'
                || translate(encode(convert_to(w.word, 'UTF8'), 'base64'), E'\n', '') || '?=',
            E'\r\n ' ORDER BY w.position)
        FROM unnest(v_words) WITH ORDINALITY AS w (word, position));
END
$function$;
COMMENT ON FUNCTION core.encode_header(text) IS
    'The text as a header may carry it: as it is where it is printable ASCII, else as encoded words '
    '(RFC 2047 §2), folded.';

CREATE FUNCTION core.encode_mailbox(p_mailbox text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $function$
    SELECT CASE
        WHEN m.parts IS NULL THEN core.header_text(p_mailbox)
        ELSE core.encode_header(btrim(m.parts[1], ' "')) || ' ' || core.header_text(m.parts[2])
    END
    FROM (SELECT CASE WHEN p_mailbox ~ '[^\x20-\x7e]' THEN
        regexp_match(p_mailbox, '^(.*\S)\s*(<[^<>]*>)\s*$') END AS parts) AS m
$function$;
COMMENT ON FUNCTION core.encode_mailbox(text) IS
    'An address with or without a name before it, the name encoded where it is not ASCII.';

CREATE FUNCTION core.escape_html(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT replace(replace(replace(replace(replace(p_text,
        '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;')
$function$;
COMMENT ON FUNCTION core.escape_html(text) IS 'The text as HTML content or attribute value.';

CREATE FUNCTION core.public_url(p_path text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT rtrim(
        coalesce(nullif(current_setting('rapport.public_url', true), ''), 'http://127.0.0.1:8080'),
        '/') || p_path
$function$;
COMMENT ON FUNCTION core.public_url(text) IS
    'The address under which clients reach a path of ours (PUBLIC_URL).';

CREATE FUNCTION core.render_mail(p_id bigint) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_mail app.mail%ROWTYPE;
    v_words record;
    v_action text;
    v_boundary text;
    v_text text;
    v_html text;
BEGIN
    SELECT m.* INTO STRICT v_mail FROM app.mail AS m WHERE m.id = p_id;
    v_words := core.mail_words(v_mail.kind, v_mail.parameters);
    v_action := CASE
        WHEN v_mail.secret IS NULL THEN NULL
        WHEN v_mail.parameters ->> 'path' IS NULL THEN v_mail.secret
        ELSE core.public_url((v_mail.parameters ->> 'path') || v_mail.secret)
    END;
    v_text := concat_ws(
        E'\n\n', v_words.greeting, v_words.before, v_action, v_words.after) || E'\n';
    v_html := concat_ws(
        E'\n',
        '<!DOCTYPE html>',
        '<html lang="en"><head><meta charset="utf-8"><title>'
            || core.escape_html(v_words.subject) || '</title></head><body>',
        '<p>' || core.escape_html(v_words.greeting) || '</p>',
        '<p>' || core.escape_html(v_words.before) || '</p>',
        CASE
            WHEN v_mail.parameters ->> 'path' IS NULL
                THEN '<p><strong>' || core.escape_html(v_action) || '</strong></p>'
            ELSE '<p><a href="' || core.escape_html(v_action) || E'">\n'
                || core.escape_html(v_action) || '</a></p>'
        END,
        '<p>' || core.escape_html(v_words.after) || '</p>',
        '</body></html>') || E'\n';
    v_boundary := 'rapport-' || md5(v_mail.message_id);
    RETURN replace(replace(concat_ws(
        E'\n',
        'From: ' || core.encode_mailbox(core.mail_from()),
        'To: ' || core.header_text(v_mail.recipient),
        'Subject: ' || core.encode_header(v_words.subject),
        'Date: ' || to_char(v_mail.created_at AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS')
            || ' +0000',
        'Message-ID: ' || v_mail.message_id,
        'MIME-Version: 1.0',
        'X-Rapport-Kind: ' || v_mail.kind,
        'Auto-Submitted: auto-generated',
        'Content-Type: multipart/alternative; boundary="' || v_boundary || '"',
        '',
        '--' || v_boundary,
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
        '',
        v_text,
        '--' || v_boundary,
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
        '',
        v_html,
        '--' || v_boundary || '--',
        ''), E'\r\n', E'\n'), E'\n', E'\r\n');
END
$function$;
COMMENT ON FUNCTION core.render_mail(bigint) IS
    'The complete message (RFC 5322, 2045): text and HTML, UTF-8, lines ended by CR LF. The code or '
    'link stands alone on a line of the text part.';

CREATE FUNCTION core.is_worker_alive(p_worker bigint) RETURNS boolean
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    SELECT EXISTS (
        SELECT
        FROM pg_locks AS l
        WHERE l.locktype = 'advisory'
            AND l.database = (
                SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            AND l.classid = 1414676816
            AND l.objid::bigint = p_worker
            AND l.objsubid = 2
            AND l.granted)
$function$;
COMMENT ON FUNCTION core.is_worker_alive(bigint) IS
    'Whether the worker still holds its advisory lock, which dies with its connection. Volatile, so '
    'that a claim that was waited for is judged anew.';

CREATE FUNCTION core.render_or_give_up(p_id bigint, p_at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    RETURN core.render_mail(p_id);
EXCEPTION WHEN OTHERS THEN
    PERFORM core.give_up_mail(p_id, 'cannot be rendered: ' || SQLERRM, p_at);
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION core.render_or_give_up(bigint, timestamptz) IS
    'The complete message; NULL, and the mail is given up, where it cannot be made: one wrong row '
    'must not keep all others from going out.';

CREATE FUNCTION core.claim_mail(p_worker bigint, p_limit integer, p_at timestamptz DEFAULT now())
RETURNS TABLE (id bigint, kind text, recipient text, message text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
#variable_conflict use_column
BEGIN
    IF NOT core.is_worker_alive(p_worker) THEN
        RAISE EXCEPTION 'worker % has not registered', p_worker
            USING ERRCODE = 'RP409', DETAIL = 'worker.unregistered',
                HINT = 'Call jobs.register_worker on a connection that stays open.';
    END IF;
    FOR id, kind, recipient IN
    WITH due AS (
        SELECT m.id
        FROM app.mail AS m
        WHERE m.state = 'pending'
            AND m.next_attempt_at <= p_at
            AND m.created_at > p_at - interval '24 hours'
            AND (m.claimed_by IS NULL
                OR m.claimed_until <= p_at
                OR NOT core.is_worker_alive(m.claimed_by))
        ORDER BY m.next_attempt_at, m.id
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE app.mail AS m
        SET claimed_by = p_worker, claimed_until = p_at + interval '5 minutes',
            attempts = m.attempts + 1
        FROM due
        WHERE m.id = due.id
        RETURNING m.id, m.kind, m.recipient
    )
    SELECT c.id, c.kind, c.recipient
    FROM claimed AS c
    ORDER BY c.id
    LOOP
        message := core.render_or_give_up(id, p_at);
        IF message IS NOT NULL THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION core.claim_mail(bigint, integer, timestamptz) IS
    'Gives a worker up to p_limit due mails for 5 minutes. Takes over at once what a dead worker had '
    'claimed. An attempt is counted when it begins, so that a mail that kills its worker ends too.';

CREATE FUNCTION core.complete_mail(p_id bigint, p_worker bigint, p_at timestamptz DEFAULT now())
RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    UPDATE app.mail AS m
    SET state = 'sent', settled_at = p_at, secret = NULL, last_error = NULL,
        claimed_by = NULL, claimed_until = NULL
    WHERE m.id = p_id AND m.state = 'pending' AND m.claimed_by = p_worker;
    RETURN FOUND;
END
$function$;
COMMENT ON FUNCTION core.complete_mail(bigint, bigint, timestamptz) IS
    'Delivered: the secret is wiped. False where the mail is no longer this worker''s.';

CREATE FUNCTION core.without_secret(p_text text, p_secret text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT CASE WHEN p_secret <> '' THEN replace(p_text, p_secret, '***') ELSE p_text END
$function$;
COMMENT ON FUNCTION core.without_secret(text, text) IS
    'What a mail program said, the code or token left out: some repeat the message they refuse.';

CREATE FUNCTION core.fail_mail(
    p_id bigint,
    p_worker bigint,
    p_error text,
    p_at timestamptz DEFAULT now()) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_next timestamptz;
    v_over boolean;
BEGIN
    SELECT p_at + CASE m.attempts
            WHEN 0 THEN interval '1 minute'
            WHEN 1 THEN interval '1 minute'
            WHEN 2 THEN interval '5 minutes'
            WHEN 3 THEN interval '15 minutes'
            WHEN 4 THEN interval '1 hour'
            ELSE interval '3 hours'
        END,
        m.created_at + interval '24 hours' <= p_at
    INTO v_next, v_over
    FROM app.mail AS m
    WHERE m.id = p_id AND m.state = 'pending' AND m.claimed_by = p_worker
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF v_over THEN
        PERFORM core.give_up_mail(p_id, p_error, p_at);
    ELSE
        UPDATE app.mail AS m
        SET next_attempt_at = v_next, last_error = left(core.without_secret(p_error, m.secret), 1000),
            claimed_by = NULL, claimed_until = NULL
        WHERE m.id = p_id;
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION core.fail_mail(bigint, bigint, text, timestamptz) IS
    'Not delivered: again after 1, 5, 15 minutes, an hour, then every 3 hours; given up 24 hours '
    'after it was written. False where the mail is no longer this worker''s.';

CREATE FUNCTION core.give_up_mail(p_id bigint, p_error text, p_at timestamptz DEFAULT now())
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
AS $function$
    UPDATE app.mail AS m
    SET state = 'failed', settled_at = p_at, secret = NULL,
        last_error = coalesce(left(core.without_secret(p_error, m.secret), 1000), m.last_error),
        claimed_by = NULL, claimed_until = NULL
    WHERE m.id = p_id AND m.state = 'pending'
$function$;
COMMENT ON FUNCTION core.give_up_mail(bigint, text, timestamptz) IS
    'Ends the attempts at a mail: its fate stays readable, its secret is wiped.';
