-- What is known of people: where it stands, whether they are given it, and what becomes of it.

CREATE FUNCTION core.gdpr_map()
RETURNS TABLE (
    table_name text,
    column_name text,
    person_column text,
    person_as text,
    is_exported boolean,
    at_erasure text,
    reason text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT m.table_name, c.name, m.person_column, m.person_as, m.is_exported, m.at_erasure, m.reason
    FROM (VALUES
        ('account', 'id', 'number', true, 'kept',
         'id state created_via created_at updated_at activated_at closed_at erased_at',
         'what refers to the number keeps its meaning; reports count by contract and time'),
        ('account', 'id', 'number', true, 'emptied',
         'is_group_creator email email_confirmed_at secondary_email secondary_email_confirmed_at
          username password_flow password_set_at first_name middle_name last_name birth_date gender
          contact_number country last_active_at pending_until wrong_codes last_wrong_code_at
          codes_locked_at codes_locked_until blocked_at disabled_at reopened_at notes profile_completed_at
          used_iphone used_android',
         NULL),
        ('account', 'id', 'number', false, 'emptied',
         'email_key secondary_email_key username_key email_md5', 'made of the columns above'),
        ('account', 'id', 'number', false, 'emptied', 'password_hash', 'a secret'),

        ('session', 'account_id', 'number', true, 'row deleted',
         'id contract address user_agent created_at last_seen_at expires_at code_proved_at', NULL),
        ('session', 'account_id', 'number', false, 'row deleted',
         'account_id', 'the number of the account'),
        ('session', 'account_id', 'number', false, 'row deleted',
         'last_seen_on', 'made of a column above'),
        ('session', 'account_id', 'number', false, 'row deleted', 'token_hash', 'a secret'),

        ('known_network', 'account_id', 'number', true, 'row deleted',
         'network last_log_in_at', NULL),
        ('known_network', 'account_id', 'number', false, 'row deleted',
         'account_id', 'the number of the account'),

        ('usage_interval', 'account_id', 'number', true, 'row deleted',
         'id session_id platform opened_at last_ping_at closed_at', NULL),
        ('usage_interval', 'account_id', 'number', false, 'row deleted',
         'account_id', 'the number of the account'),

        ('account_language', 'account_id', 'number', true, 'row deleted',
         'language_id type', NULL),
        ('account_language', 'account_id', 'number', false, 'row deleted',
         'account_id', 'the number of the account'),

        ('mailed_token', 'account_id', 'number', true, 'row deleted',
         'id purpose flow address created_at expires_at', NULL),
        ('mailed_token', 'account_id', 'number', false, 'row deleted',
         'account_id', 'the number of the account'),
        ('mailed_token', 'account_id', 'number', false, 'row deleted', 'token_hash', 'a secret'),

        ('mailed_code', 'account_id', 'number', true, 'row deleted',
         'purpose address created_at expires_at', NULL),
        ('mailed_code', 'account_id', 'number', false, 'row deleted',
         'account_id', 'the number of the account'),
        ('mailed_code', 'account_id', 'number', false, 'row deleted', 'code_hash', 'a secret'),

        ('mail', 'account_id', 'number', true, 'row deleted',
         'id kind recipient message_id state attempts created_at settled_at request_id', NULL),
        ('mail', 'account_id', 'number', false, 'row deleted',
         'account_id', 'the number of the account'),
        ('mail', 'account_id', 'number', false, 'row deleted',
         'parameters', 'what a GroupCreator is told is about somebody else'),
        ('mail', 'account_id', 'number', false, 'row deleted',
         'next_attempt_at claimed_by claimed_until last_error', 'about the delivery'),
        ('mail', 'account_id', 'number', false, 'row deleted', 'secret', 'a secret'),

        ('audit', 'account_id', 'number', true, 'kept',
         'id at event', 'the trail shows what happened, no longer from where; 90 days'),
        ('audit', 'account_id', 'number', true, 'emptied', 'request_id', NULL),
        ('audit', 'account_id', 'number', false, 'kept',
         'account_id', 'the number of the account, which tells nothing once that is emptied'),
        ('audit', 'account_id', 'number', false, 'emptied',
         'address details', 'of who acted: perhaps a stranger, or a GroupCreator'),

        ('password_failure', 'subject', 'account:number', true, 'row deleted',
         'failures last_failed_at locked_until', NULL),
        ('password_failure', 'subject', 'account:number', false, 'row deleted',
         'subject', 'the number of the account'),
        ('password_failure', 'subject', 'account:number', false, 'row deleted',
         'network', 'of who tried: perhaps a stranger'),
        ('password_pressure', 'subject', 'account:number', true, 'row deleted',
         'recent last_failed_at strangers_locked_until', NULL),
        ('password_pressure', 'subject', 'account:number', false, 'row deleted',
         'subject', 'the number of the account'),

        ('idempotency_record', 'caller', 'account:number', false, 'row deleted',
         'id lapsed_id caller function fingerprint status outcome headers body session_id
          created_at',
         'copies of answers, kept 24 hours for retries; some show other people'),

        ('migration', NULL, 'nobody', false, 'kept', '*', 'about the database'),
        ('build', NULL, 'nobody', false, 'kept', '*', 'about the database'),
        ('contract', NULL, 'nobody', false, 'kept', '*', 'about the code'),
        ('path_space', NULL, 'nobody', false, 'kept', '*', 'about the code'),
        ('error', NULL, 'nobody', false, 'kept', '*', 'about the code'),
        ('refusal', NULL, 'nobody', false, 'kept', '*', 'about the code'),
        ('route_schema', NULL, 'nobody', false, 'kept', '*', 'about the code'),
        ('route', NULL, 'nobody', false, 'kept', '*', 'about the code'),
        ('gateway_state', NULL, 'nobody', false, 'kept', '*', 'about the servers'),
        ('password_salt', NULL, 'nobody', false, 'kept', '*', 'of the database'),
        ('setting', NULL, 'nobody', false, 'kept', '*', 'set by operators'),
        ('language', NULL, 'nobody', false, 'kept', '*', 'the same for everybody'),
        ('lockout_step', NULL, 'nobody', false, 'kept', '*', 'set by operators')
    ) AS m (table_name, person_column, person_as, is_exported, at_erasure, columns, reason)
    CROSS JOIN LATERAL regexp_split_to_table(m.columns, '\s+') AS c (name)
$function$;
COMMENT ON FUNCTION core.gdpr_map() IS
    'Every column of every table: by which column, and how, a row names the person it is about '
    '(number, account:number, or nobody: such tables are listed as a whole, column *); whether the '
    'person is given it; and what erasure does to it: row deleted, emptied (its default), kept. '
    'reason says why something is kept or not given out. sql/lint/gdpr_complete.sql finds what is '
    'missing.';
