-- Codes that travel by mail, the ladders of lockouts, what is remembered of wrong passwords, and what
-- the other contracts need of an account.

ALTER TABLE app.account
    ADD COLUMN email_md5 text COLLATE "C"
        GENERATED ALWAYS AS (md5(lower(email COLLATE "und-x-icu") COLLATE "C")) STORED,
    ADD COLUMN pending_until timestamptz,
    ADD COLUMN wrong_codes integer NOT NULL DEFAULT 0,
    ADD COLUMN last_wrong_code_at timestamptz,
    ADD COLUMN codes_locked_at timestamptz,
    ADD COLUMN codes_locked_until timestamptz,
    ADD COLUMN blocked_at timestamptz,
    ADD COLUMN disabled_at timestamptz,
    ADD COLUMN reopened_at timestamptz,
    ADD COLUMN notes text,
    ADD COLUMN profile_completed_at timestamptz,
    ADD COLUMN used_iphone boolean NOT NULL DEFAULT false,
    ADD COLUMN used_android boolean NOT NULL DEFAULT false;

UPDATE app.account AS a
SET pending_until = a.created_at + interval '7 days'
WHERE a.state = 'pending';
UPDATE app.account AS a
SET disabled_at = a.updated_at
WHERE a.state = 'disabled';
UPDATE app.account AS a
SET blocked_at = a.updated_at
WHERE a.state = 'blocked';

UPDATE app.setting AS s
SET meaning = 'Work of a password hash, 4 to 16, doubled by each step. Older hashes follow at the next '
    'log-in. Until then lowering it lets known addresses be told by time; raising it does not.'
WHERE s.name = 'bcrypt_cost';

ALTER TABLE app.account
    ADD CONSTRAINT account_pending_until CHECK (state <> 'pending' OR pending_until IS NOT NULL),
    ADD CONSTRAINT account_wrong_codes_sane CHECK (wrong_codes >= 0),
    ADD CONSTRAINT account_codes_locked
        CHECK ((codes_locked_until IS NULL) = (codes_locked_at IS NULL)),
    ADD CONSTRAINT account_disabled CHECK (state <> 'disabled' OR disabled_at IS NOT NULL),
    ADD CONSTRAINT account_blocked CHECK (state <> 'blocked' OR blocked_at IS NOT NULL),
    ADD CONSTRAINT account_notes_length CHECK (char_length(notes) BETWEEN 1 AND 5000);

CREATE UNIQUE INDEX account_email_md5 ON app.account (email_md5);
DROP INDEX app.account_pending_since;
CREATE INDEX account_pending_until_idx ON app.account (pending_until) WHERE state = 'pending';

COMMENT ON COLUMN app.account.email_md5 IS
    'MD5 of the address in lower case, in hexadecimal: how some clients name a person before they '
    'know the number. No secret.';
COMMENT ON COLUMN app.account.pending_until IS
    'When a pending account is deleted unless its address is proved: when the code or link that '
    'could prove it is over.';
COMMENT ON COLUMN app.account.wrong_codes IS
    'Wrong codes since the last right one. app.lockout_step says what follows.';
COMMENT ON COLUMN app.account.codes_locked_until IS
    'Until then no code is looked at, nor any wrong one counted.';
COMMENT ON COLUMN app.account.blocked_at IS
    'When the last step of the ladder blocked it. Only accounts that were never active are blocked.';
COMMENT ON COLUMN app.account.disabled_at IS 'When a GroupCreator disabled it.';
COMMENT ON COLUMN app.account.reopened_at IS
    'When it was last unblocked or enabled: a registration that was held up counts from then.';
COMMENT ON COLUMN app.account.notes IS 'What a GroupCreator wrote down on disabling it.';
COMMENT ON COLUMN app.account.profile_completed_at IS
    'When birthday, place, languages and photo were all there for the first time.';
COMMENT ON COLUMN app.account.used_iphone IS 'Whether the person was ever seen on an iPhone.';
COMMENT ON COLUMN app.account.used_android IS 'Whether the person was ever seen on an Android phone.';

-- The confirmation of one contract may be followed in another: the flow travels with the token.
-- Several links of a kind may be live: asking for another one, which anybody can do, must not kill the
-- one that is on its way.
ALTER TABLE app.mailed_token
    DROP CONSTRAINT mailed_token_one_live,
    ADD COLUMN flow text,
    DROP CONSTRAINT mailed_token_purpose_known,
    ADD CONSTRAINT mailed_token_purpose_known CHECK (
        purpose IN ('confirmation', 'secondary_confirmation', 'password_reset', 'verification'));
UPDATE app.mailed_token AS t SET flow = 'dsrt_v1.registration' WHERE t.purpose = 'confirmation';
ALTER TABLE app.mailed_token
    ADD CONSTRAINT mailed_token_flow
        CHECK (flow IS NOT NULL OR purpose NOT IN ('confirmation', 'verification'));
CREATE INDEX mailed_token_of_account ON app.mailed_token (account_id, purpose);
COMMENT ON TABLE app.mailed_token IS
    'A token that went out by mail and, when it comes back, proves the address. Using one deletes it, '
    'and with it those that would do the same; a verification may be followed again.';
COMMENT ON COLUMN app.mailed_token.flow IS
    'The flow that mailed it, in which the address is proved when it comes back.';

-- Erasure looks for the answers kept for a person.
CREATE INDEX idempotency_record_caller_idx ON app.idempotency_record (caller);

-- What GroupCreators did to others, for the erasure of GroupCreators.
CREATE INDEX audit_by ON app.audit ((details ->> 'by')) WHERE details ? 'by';

ALTER TABLE app.session ADD COLUMN code_proved_at timestamptz;
COMMENT ON COLUMN app.session.code_proved_at IS
    'When a right code opened the session: for 15 minutes it may set a password without the old one.';

CREATE TABLE app.mailed_code (
    account_id bigint,
    purpose text,
    code_hash text NOT NULL,
    address text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT mailed_code_pkey PRIMARY KEY (account_id, purpose),
    CONSTRAINT mailed_code_account FOREIGN KEY (account_id) REFERENCES app.account (id)
        ON DELETE CASCADE,
    CONSTRAINT mailed_code_purpose_known CHECK (purpose IN ('activation', 'security_code'))
);
CREATE INDEX mailed_code_expires_at ON app.mailed_code (expires_at);
COMMENT ON TABLE app.mailed_code IS
    'A code of six digits that went out by mail and, when it comes back, proves the address. One '
    'live code per account and purpose; a right one is deleted.';
COMMENT ON COLUMN app.mailed_code.code_hash IS
    'bcrypt: six digits behind a plain digest would be read off in a second.';
COMMENT ON COLUMN app.mailed_code.address IS 'The address it was sent to.';
COMMENT ON COLUMN app.mailed_code.created_at IS 'Also when the last mail went: at most one a minute.';

CREATE TABLE app.lockout_step (
    ladder text,
    failures integer,
    lock_for interval,
    blocks boolean NOT NULL DEFAULT false,
    repeats_every integer,
    counted_within interval,
    CONSTRAINT lockout_step_pkey PRIMARY KEY (ladder, failures),
    CONSTRAINT lockout_step_ladder_known CHECK (
        ladder IN ('code_never_active', 'code_once_active', 'password_pair', 'password_account')),
    CONSTRAINT lockout_step_failures_positive CHECK (failures > 0),
    CONSTRAINT lockout_step_locks_or_blocks CHECK (blocks = (lock_for IS NULL)),
    CONSTRAINT lockout_step_lock_positive CHECK (lock_for > interval '0'),
    CONSTRAINT lockout_step_blocks_never_active CHECK (NOT blocks OR ladder = 'code_never_active'),
    CONSTRAINT lockout_step_repeats_positive CHECK (repeats_every > 0),
    CONSTRAINT lockout_step_window_alone
        CHECK (ladder <> 'password_account' OR repeats_every IS NULL),
    CONSTRAINT lockout_step_window CHECK (
        (ladder = 'password_account') = (counted_within IS NOT NULL)
        AND counted_within > interval '0')
);
COMMENT ON TABLE app.lockout_step IS
    'The ladders: after how many failures what happens. A DBA may change the rows while everything '
    'runs. Only codes of accounts that were never active may end in a block: a stranger must not '
    'be able to shut somebody out.';
COMMENT ON COLUMN app.lockout_step.ladder IS
    'code_never_active and code_once_active count wrong codes since the last right one; '
    'password_pair wrong passwords in a row from one network address; password_account wrong '
    'passwords from all addresses, and locks only those that never logged in.';
COMMENT ON COLUMN app.lockout_step.failures IS 'The step is taken by this failure exactly.';
COMMENT ON COLUMN app.lockout_step.repeats_every IS
    'And by every so manieth after it. password_account has one step, which every failure takes while '
    'so many lie within the window.';
COMMENT ON COLUMN app.lockout_step.counted_within IS 'Failures older than this do not count.';
INSERT INTO app.lockout_step (ladder, failures, lock_for, blocks, repeats_every, counted_within) VALUES
    ('code_never_active', 10, '1 hour', false, NULL, NULL),
    ('code_never_active', 15, '24 hours', false, NULL, NULL),
    ('code_never_active', 20, NULL, true, NULL, NULL),
    ('code_once_active', 10, '1 hour', false, NULL, NULL),
    ('code_once_active', 15, '24 hours', false, 5, NULL),
    ('password_pair', 10, '15 minutes', false, NULL, NULL),
    ('password_pair', 15, '1 hour', false, NULL, NULL),
    ('password_pair', 20, '24 hours', false, 5, NULL),
    ('password_account', 100, '15 minutes', false, NULL, '1 hour');

CREATE UNIQUE INDEX lockout_step_one_for_accounts ON app.lockout_step (ladder)
    WHERE ladder = 'password_account';

CREATE TABLE app.password_salt (
    single boolean NOT NULL DEFAULT true CONSTRAINT password_salt_pkey PRIMARY KEY,
    salt bytea NOT NULL,
    CONSTRAINT password_salt_one_row CHECK (single),
    CONSTRAINT password_salt_length CHECK (octet_length(salt) = 32)
);
INSERT INTO app.password_salt (salt) VALUES (ext.gen_random_bytes(32));
COMMENT ON TABLE app.password_salt IS
    'One row: what makes the digests of unknown names in app.password_failure this database''s own.';

CREATE TABLE app.password_failure (
    subject text,
    network text,
    failures integer NOT NULL,
    last_failed_at timestamptz NOT NULL,
    locked_until timestamptz,
    CONSTRAINT password_failure_pkey PRIMARY KEY (subject, network),
    CONSTRAINT password_failure_positive CHECK (failures > 0)
);
CREATE INDEX password_failure_last ON app.password_failure (last_failed_at);
COMMENT ON TABLE app.password_failure IS
    'Wrong passwords in a row, by whom they were tried on and from where. A right one from there, a '
    'reset or a right code deletes the row.';
COMMENT ON COLUMN app.password_failure.subject IS
    'account:NUMBER, or unknown: and a short digest of what was typed where nobody has that name.';
COMMENT ON COLUMN app.password_failure.network IS
    'The network address: of IPv4 the address, of IPv6 its /64, which is what one line has.';

CREATE TABLE app.password_pressure (
    subject text,
    recent timestamptz[] NOT NULL,
    last_failed_at timestamptz NOT NULL,
    strangers_locked_until timestamptz,
    CONSTRAINT password_pressure_pkey PRIMARY KEY (subject)
);
CREATE INDEX password_pressure_last ON app.password_pressure (last_failed_at);
COMMENT ON TABLE app.password_pressure IS
    'Wrong passwords from all addresses together, by whom they were tried on.';
COMMENT ON COLUMN app.password_pressure.recent IS
    'When the last ones were: as many as the ladder needs, oldest first.';
COMMENT ON COLUMN app.password_pressure.strangers_locked_until IS
    'Until then only networks in app.known_network are let in.';

CREATE TABLE app.known_network (
    account_id bigint,
    network text,
    last_log_in_at timestamptz NOT NULL,
    CONSTRAINT known_network_pkey PRIMARY KEY (account_id, network),
    CONSTRAINT known_network_account FOREIGN KEY (account_id) REFERENCES app.account (id)
        ON DELETE CASCADE
);
CREATE INDEX known_network_last ON app.known_network (last_log_in_at);
COMMENT ON TABLE app.known_network IS
    'From where an account was logged in to with the right password: whoever tries passwords from '
    'everywhere does not lock its owner out at home. Forgotten after a year.';
