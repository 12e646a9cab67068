namespace XVideo.Service.Store.Sql;

/// <summary>The tables of version 1. Times are unix milliseconds.</summary>
internal static class Schema1
{
    public static string Text(SqlDialect sql) => $"""
        CREATE TABLE api_keys (
            key_id text PRIMARY KEY NOT NULL,
            secret_hash {sql.Bytes} NOT NULL CHECK (length(secret_hash) IN (0, 32)),
            label text NOT NULL,
            scopes text NOT NULL,
            created_at {sql.Number} NOT NULL,
            last_used_at {sql.Number},
            revoked_at {sql.Number},
            rpm_create {sql.Number} NOT NULL,
            rpm_read {sql.Number} NOT NULL,
            max_queued {sql.Number} NOT NULL CHECK (max_queued > 0),
            max_running {sql.Number} NOT NULL CHECK (max_running > 0),
            gpu_seconds_per_day {sql.Number}
        ) {sql.TableEnd};

        CREATE TABLE jobs (
            seq {sql.SequenceKey},
            id text NOT NULL UNIQUE,
            owner_key_id text NOT NULL REFERENCES api_keys (key_id),
            state text NOT NULL CHECK (state IN ({EnumText<JobState>.SqlList})),
            priority {sql.Number} NOT NULL,
            run_after {sql.Number} NOT NULL DEFAULT 0,
            attempts {sql.Number} NOT NULL DEFAULT 0,
            max_attempts {sql.Number} NOT NULL,
            lease_epoch {sql.Number} NOT NULL DEFAULT 0,
            lease_owner text,
            lease_boot_id text,
            lease_expires_at {sql.Number},
            cancel_requested_at {sql.Number},
            deleted_at {sql.Number},
            model text NOT NULL,
            prompt text NOT NULL,
            params text NOT NULL CHECK ({string.Format(sql.JsonCheck, "params")}),
            request_hash {sql.Bytes} NOT NULL CHECK (length(request_hash) = 32),
            seed {sql.Number} NOT NULL,
            cost_units {sql.Number} NOT NULL,
            phase text NOT NULL CHECK (phase IN ({EnumText<JobPhase>.SqlList})),
            step {sql.Number} NOT NULL DEFAULT 0,
            steps_total {sql.Number} NOT NULL DEFAULT 0,
            progress {sql.Number} NOT NULL DEFAULT 0,
            eta_ms {sql.Number},
            error_code text,
            error_message text,
            remixed_from text,
            trace_parent text,
            created_at {sql.Number} NOT NULL,
            started_at {sql.Number},
            completed_at {sql.Number},
            expires_at {sql.Number},
            result_epoch {sql.Number},
            last_event {sql.Number} NOT NULL DEFAULT 1,
            CHECK (attempts BETWEEN 0 AND max_attempts),
            CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
            CHECK ((lease_owner IS NULL) = (lease_expires_at IS NULL) AND (lease_owner IS NULL) = (lease_boot_id IS NULL)),
            CHECK ((state = 'completed') = (result_epoch IS NOT NULL)),
            CHECK (NOT (state = 'queued' AND (deleted_at IS NOT NULL OR cancel_requested_at IS NOT NULL)))
        ) {sql.TableEnd};
        CREATE INDEX jobs_claim ON jobs (priority DESC, seq) WHERE state = 'queued';
        CREATE INDEX jobs_backlog ON jobs (owner_key_id) WHERE state = 'queued';
        CREATE INDEX jobs_running ON jobs (owner_key_id) WHERE state = 'running';
        CREATE INDEX jobs_owner ON jobs (owner_key_id, seq DESC) WHERE deleted_at IS NULL;
        CREATE INDEX jobs_request ON jobs (request_hash, created_at);
        CREATE INDEX jobs_completed ON jobs (completed_at) WHERE state = 'completed';
        CREATE INDEX jobs_deleted ON jobs (deleted_at) WHERE deleted_at IS NOT NULL;

        CREATE TABLE artifacts (
            job_id text NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            variant text NOT NULL,
            rel_path text NOT NULL UNIQUE,
            content_type text NOT NULL,
            bytes {sql.Number} NOT NULL,
            sha256 {sql.Bytes} NOT NULL CHECK (length(sha256) = 32),
            width {sql.Number} NOT NULL,
            height {sql.Number} NOT NULL,
            PRIMARY KEY (job_id, variant)
        ) {sql.TableEnd};

        CREATE TABLE attempts (
            job_id text NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            epoch {sql.Number} NOT NULL,
            worker_id text NOT NULL,
            started_at {sql.Number} NOT NULL,
            ended_at {sql.Number},
            outcome text CHECK (outcome IN ({EnumText<AttemptOutcome>.SqlList})),
            error_code text,
            peak_memory_bytes {sql.Number},
            timings text CHECK ({string.Format(sql.JsonCheck, "timings")} OR timings IS NULL),
            PRIMARY KEY (job_id, epoch)
        ) {sql.TableEnd};

        CREATE TABLE checkpoints (
            job_id text PRIMARY KEY NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            epoch {sql.Number} NOT NULL,
            step {sql.Number} NOT NULL,
            rel_path text NOT NULL UNIQUE,
            bytes {sql.Number} NOT NULL,
            sha256 {sql.Bytes} NOT NULL CHECK (length(sha256) = 32),
            config_hash {sql.Bytes} NOT NULL CHECK (length(config_hash) = 32)
        ) {sql.TableEnd};

        CREATE TABLE idempotency (
            owner_key_id text NOT NULL,
            key text NOT NULL,
            request_hash {sql.Bytes} NOT NULL,
            job_id text NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            expires_at {sql.Number} NOT NULL,
            PRIMARY KEY (owner_key_id, key)
        ) {sql.TableEnd};
        CREATE INDEX idempotency_expiry ON idempotency (expires_at);
        CREATE INDEX idempotency_job ON idempotency (job_id);

        CREATE TABLE job_events (
            job_id text NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            n {sql.Number} NOT NULL,
            kind text NOT NULL CHECK (kind IN ({EnumText<JobEventKind>.SqlList})),
            state text NOT NULL,
            epoch {sql.Number} NOT NULL,
            created_at {sql.Number} NOT NULL,
            PRIMARY KEY (job_id, n)
        ) {sql.TableEnd};
        CREATE INDEX job_events_age ON job_events (created_at);

        CREATE TABLE workers (
            worker_id text PRIMARY KEY NOT NULL,
            host text NOT NULL,
            boot_id text NOT NULL,
            pid {sql.Number} NOT NULL,
            device text NOT NULL,
            version text NOT NULL,
            started_at {sql.Number} NOT NULL,
            last_seen_at {sql.Number} NOT NULL,
            draining {sql.Number} NOT NULL DEFAULT 0
        ) {sql.TableEnd};

        CREATE TABLE usage_daily (
            owner_key_id text NOT NULL REFERENCES api_keys (key_id),
            day {sql.Number} NOT NULL,
            jobs {sql.Number} NOT NULL,
            running_ms {sql.Number} NOT NULL,
            bytes {sql.Number} NOT NULL,
            PRIMARY KEY (owner_key_id, day)
        ) {sql.TableEnd};
        """;
}
