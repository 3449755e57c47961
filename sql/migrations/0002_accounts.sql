-- Settings, accounts, their sessions, the tokens and mails that prove addresses, the audit trail.
-- One account serves every contract; later contracts add columns and tables, never a second account.

CREATE TABLE app.setting (
    name text,
    value text NOT NULL,
    meaning text NOT NULL,
    CONSTRAINT setting_pkey PRIMARY KEY (name),
    CONSTRAINT setting_bcrypt_cost_sane
        CHECK (name <> 'bcrypt_cost' OR value ~ '^([4-9]|1[0-6])$')
);
COMMENT ON TABLE app.setting IS
    'What a DBA may change while everything runs. The row''s meaning says what it does.';
INSERT INTO app.setting (name, value, meaning) VALUES
    ('bcrypt_cost', '10',
     'Work of a password hash, 4 to 16, doubled by each step. Older hashes follow at the next log-in.'),
    ('mail_from', 'Rapport <no-reply@localhost>', 'The sender of all mails: name and address.');

CREATE TABLE app.account (
    id bigint GENERATED ALWAYS AS IDENTITY,
    state text NOT NULL DEFAULT 'pending',
    created_via text NOT NULL,
    is_group_creator boolean NOT NULL DEFAULT false,
    email text,
    email_key text COLLATE "C"
        GENERATED ALWAYS AS (lower(email COLLATE "und-x-icu") COLLATE "C") STORED,
    email_confirmed_at timestamptz,
    secondary_email text,
    secondary_email_key text COLLATE "C"
        GENERATED ALWAYS AS (lower(secondary_email COLLATE "und-x-icu") COLLATE "C") STORED,
    secondary_email_confirmed_at timestamptz,
    username text,
    username_key text COLLATE "C"
        GENERATED ALWAYS AS (lower(username COLLATE "und-x-icu") COLLATE "C") STORED,
    password_hash text,
    password_flow text,
    password_set_at timestamptz,
    first_name text,
    middle_name text,
    last_name text,
    birth_date date,
    gender text,
    contact_number text,
    country text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    activated_at timestamptz,
    closed_at timestamptz,
    erased_at timestamptz,
    last_active_at timestamptz,
    CONSTRAINT account_pkey PRIMARY KEY (id),
    CONSTRAINT account_email_taken UNIQUE (email_key),
    CONSTRAINT account_username_taken UNIQUE (username_key),
    CONSTRAINT account_state_known
        CHECK (state IN ('pending', 'active', 'disabled', 'blocked', 'closed')),
    CONSTRAINT account_email_present CHECK (email IS NOT NULL OR erased_at IS NOT NULL),
    CONSTRAINT account_email_length CHECK (char_length(email) BETWEEN 3 AND 255),
    CONSTRAINT account_secondary_email_length
        CHECK (char_length(secondary_email) BETWEEN 3 AND 255),
    CONSTRAINT account_secondary_email_other CHECK (secondary_email_key <> email_key),
    CONSTRAINT account_secondary_email_proof
        CHECK (secondary_email_confirmed_at IS NULL OR secondary_email IS NOT NULL),
    CONSTRAINT account_password_flow
        CHECK (password_hash IS NULL OR (password_flow IS NOT NULL AND password_set_at IS NOT NULL)),
    CONSTRAINT account_name_length CHECK (
        char_length(first_name) BETWEEN 1 AND 100
        AND char_length(middle_name) BETWEEN 1 AND 100
        AND char_length(last_name) BETWEEN 1 AND 100),
    CONSTRAINT account_gender_known CHECK (gender IN ('male', 'female', 'other')),
    CONSTRAINT account_contact_number_length CHECK (char_length(contact_number) BETWEEN 1 AND 50),
    CONSTRAINT account_country_length CHECK (char_length(country) BETWEEN 2 AND 50),
    CONSTRAINT account_activated CHECK (state NOT IN ('active') OR activated_at IS NOT NULL),
    CONSTRAINT account_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT account_erased CHECK (erased_at IS NULL OR state = 'closed')
) WITH (fillfactor = 85);

CREATE UNIQUE INDEX account_secondary_email_taken ON app.account (secondary_email_key)
    WHERE secondary_email_confirmed_at IS NOT NULL;
CREATE INDEX account_pending_since ON app.account (created_at) WHERE state = 'pending';
CREATE INDEX account_closed_since ON app.account (closed_at)
    WHERE state = 'closed' AND erased_at IS NULL;
CREATE INDEX account_group_creators ON app.account (id) WHERE is_group_creator;

COMMENT ON TABLE app.account IS
    'A person''s account: one row and one number in all contracts. Rows of closed accounts stay, '
    'emptied after 30 days, so that what refers to the number keeps its meaning.';
COMMENT ON COLUMN app.account.state IS
    'pending → active → (disabled | blocked | closed). Only an active account has sessions.';
COMMENT ON COLUMN app.account.created_via IS
    'The contract through which the account was made (dsrt_v1, …), or ops.';
COMMENT ON COLUMN app.account.email_key IS
    'The address in lower case, by which it is unique and found.';
COMMENT ON COLUMN app.account.email_confirmed_at IS
    'When a mailed code or link for the primary address came back; NULL = never proved.';
COMMENT ON COLUMN app.account.secondary_email_key IS
    'The secondary address in lower case. Unique among the confirmed ones only: writing down an '
    'address without proof takes it from nobody.';
COMMENT ON COLUMN app.account.password_hash IS
    'bcrypt of a digest of the password; NULL = no password can log in.';
COMMENT ON COLUMN app.account.password_flow IS
    'The flow in which the password was set. A password set before the first proof of the address '
    'dies when the address is proved through another flow: somebody else may have set it.';
COMMENT ON COLUMN app.account.password_set_at IS
    'When a password was last chosen; NULL = never, also not by a password that died since.';
COMMENT ON COLUMN app.account.erased_at IS
    'When the personal columns of the closed account were emptied and its address became free.';
COMMENT ON COLUMN app.account.last_active_at IS
    'Last request seen, to the minute; written in batches, never by the request itself.';

CREATE TABLE app.session (
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    contract text NOT NULL,
    address text,
    user_agent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_on date GENERATED ALWAYS AS ((last_seen_at AT TIME ZONE 'UTC')::date) STORED,
    expires_at timestamptz NOT NULL,
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_token UNIQUE (token_hash),
    CONSTRAINT session_account FOREIGN KEY (account_id) REFERENCES app.account (id)
        ON DELETE CASCADE,
    CONSTRAINT session_token_hash_length CHECK (octet_length(token_hash) = 32)
) WITH (fillfactor = 85);

CREATE INDEX session_of_account ON app.session (account_id);
CREATE INDEX session_last_seen_on ON app.session (last_seen_on);
CREATE INDEX session_expires_at ON app.session (expires_at);

COMMENT ON TABLE app.session IS
    'A log-in that still counts. Ending one deletes the row; an idle one ends 30 days after it was '
    'last seen, every one at expires_at.';
COMMENT ON COLUMN app.session.token_hash IS 'SHA-256 of the token; the token itself is kept nowhere.';
COMMENT ON COLUMN app.session.contract IS 'The contract through which it was opened.';
COMMENT ON COLUMN app.session.last_seen_on IS
    'The day of last_seen_at. The index for expiry stands on it and not on the time itself, so that '
    'writing the time changes no indexed column more than once a day (HOT updates).';

CREATE TABLE app.mailed_token (
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    purpose text NOT NULL,
    token_hash bytea NOT NULL,
    address text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT mailed_token_pkey PRIMARY KEY (id),
    CONSTRAINT mailed_token_token UNIQUE (token_hash),
    CONSTRAINT mailed_token_one_live UNIQUE (account_id, purpose),
    CONSTRAINT mailed_token_account FOREIGN KEY (account_id) REFERENCES app.account (id)
        ON DELETE CASCADE,
    CONSTRAINT mailed_token_purpose_known
        CHECK (purpose IN ('confirmation', 'secondary_confirmation', 'password_reset')),
    CONSTRAINT mailed_token_hash_length CHECK (octet_length(token_hash) = 32)
);

CREATE INDEX mailed_token_expires_at ON app.mailed_token (expires_at);

COMMENT ON TABLE app.mailed_token IS
    'A token that went out by mail and, when it comes back, proves the address. One live token per '
    'account and purpose; using one deletes it.';
COMMENT ON COLUMN app.mailed_token.token_hash IS
    'SHA-256 of the token; in clear it stands only in the undelivered mail.';
COMMENT ON COLUMN app.mailed_token.address IS
    'The address it was sent to: this one, and no later one, is proved by it.';

CREATE TABLE app.mail (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    account_id bigint,
    recipient text NOT NULL,
    parameters jsonb NOT NULL DEFAULT '{}',
    secret text,
    message_id text NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    claimed_by bigint,
    claimed_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    request_id text,
    CONSTRAINT mail_pkey PRIMARY KEY (id),
    CONSTRAINT mail_account FOREIGN KEY (account_id) REFERENCES app.account (id)
        ON DELETE CASCADE,
    CONSTRAINT mail_state_known CHECK (state IN ('pending', 'sent', 'failed')),
    CONSTRAINT mail_settled CHECK ((state = 'pending') = (settled_at IS NULL)),
    CONSTRAINT mail_secret_wiped CHECK (secret IS NULL OR state = 'pending'),
    CONSTRAINT mail_claim_complete CHECK ((claimed_by IS NULL) = (claimed_until IS NULL))
);

CREATE INDEX mail_due ON app.mail (next_attempt_at, id) WHERE state = 'pending';
CREATE INDEX mail_of_account ON app.mail (account_id, kind, created_at);
CREATE INDEX mail_settled_since ON app.mail (settled_at) WHERE state <> 'pending';

COMMENT ON TABLE app.mail IS
    'The outbox: a mail is a row written by the transaction that causes it, and delivered afterwards.';
COMMENT ON COLUMN app.mail.parameters IS 'What the text is made of, except the secret.';
COMMENT ON COLUMN app.mail.secret IS
    'The code or token in clear. Wiped by delivery and by giving up; no view shows it.';
COMMENT ON COLUMN app.mail.message_id IS
    'Message-ID of every attempt, so that a mail delivered twice is recognised as one.';
COMMENT ON COLUMN app.mail.claimed_by IS
    'The worker that delivers it now. The claim dies with the worker''s advisory lock, or at '
    'claimed_until.';
COMMENT ON COLUMN app.mail.settled_at IS 'When it was sent or given up.';
COMMENT ON COLUMN app.mail.request_id IS 'The request that caused it.';

CREATE TABLE app.audit (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    event text NOT NULL,
    account_id bigint,
    address text,
    request_id text,
    details jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT audit_pkey PRIMARY KEY (id),
    CONSTRAINT audit_account FOREIGN KEY (account_id) REFERENCES app.account (id)
        ON DELETE SET NULL,
    CONSTRAINT audit_event_slug CHECK (event ~ '^[a-z_]+(\.[a-z_]+)+$')
);

CREATE INDEX audit_at ON app.audit (at);
CREATE INDEX audit_of_account ON app.audit (account_id, at);

COMMENT ON TABLE app.audit IS
    'What happened to accounts and who tried what, kept 90 days. Holds no password, code or token.';
COMMENT ON COLUMN app.audit.event IS 'A dotted slug: login.succeeded, login.failed, account.closed, …';
COMMENT ON COLUMN app.audit.account_id IS
    'The account concerned; NULL where there is none, as in a log-in to an unknown address.';
COMMENT ON COLUMN app.audit.address IS 'Network address of who asked.';
