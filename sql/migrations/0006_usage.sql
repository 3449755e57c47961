-- When apps were open, and until when they were heard of.

CREATE TABLE app.usage_interval (
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    session_id bigint,
    platform text NOT NULL,
    opened_at timestamptz NOT NULL,
    last_ping_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT usage_interval_pkey PRIMARY KEY (id),
    CONSTRAINT usage_interval_account FOREIGN KEY (account_id) REFERENCES app.account (id)
        ON DELETE CASCADE,
    CONSTRAINT usage_interval_session FOREIGN KEY (session_id) REFERENCES app.session (id)
        ON DELETE SET NULL,
    CONSTRAINT usage_interval_platform_known CHECK (platform IN ('iphone', 'android', 'other')),
    CONSTRAINT usage_interval_in_order CHECK (
        last_ping_at >= opened_at AND closed_at >= opened_at)
) WITH (fillfactor = 85);

CREATE UNIQUE INDEX usage_interval_one_open ON app.usage_interval (session_id)
    WHERE closed_at IS NULL;
CREATE INDEX usage_interval_of_session ON app.usage_interval (session_id);
CREATE INDEX usage_interval_of_account ON app.usage_interval (account_id, opened_at)
    INCLUDE (closed_at);

COMMENT ON TABLE app.usage_interval IS
    'When an app was opened and closed: one row each time, at most one open at a time for a '
    'session. Statistics take the closed ones; usage_interval_of_account has all that they '
    'need.';
COMMENT ON COLUMN app.usage_interval.session_id IS
    'The session in which it was opened; NULL once that has ended.';
COMMENT ON COLUMN app.usage_interval.platform IS 'By the User-Agent that opened it.';
COMMENT ON COLUMN app.usage_interval.last_ping_at IS
    'When the app was last heard of while it was open. In no index, so that a ping changes '
    'none (HOT updates).';
COMMENT ON COLUMN app.usage_interval.closed_at IS
    'When the app said that it is closed; else the last ping, once it was not heard of for a '
    'day, its session ended or the app was opened again. NULL = open.';

COMMENT ON COLUMN app.account.last_active_at IS
    'When the person was last seen, to the minute: written by log-ins, pings and app_opened, and for '
    'all other requests in batches, never by the request itself.';
