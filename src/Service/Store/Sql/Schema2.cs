namespace XVideo.Service.Store.Sql;

/// <summary>From version 1 to version 2: what replies tell about attempts and prompts, secrets that are being replaced, and an end for finished rows.</summary>
internal static class Schema2
{
    public static string Text(SqlDialect sql) => $"""
        DROP TABLE checkpoints;

        ALTER TABLE jobs ADD COLUMN prompt_truncated {sql.Number};
        ALTER TABLE jobs ADD COLUMN unknown_words text;
        ALTER TABLE jobs ADD COLUMN attempt_error text;
        ALTER TABLE jobs ADD COLUMN peak_memory_bytes {sql.Number};
        CREATE INDEX jobs_ended ON jobs (completed_at) WHERE completed_at IS NOT NULL;

        ALTER TABLE api_keys ADD COLUMN previous_hash {sql.Bytes};
        ALTER TABLE api_keys ADD COLUMN previous_until {sql.Number};

        ALTER TABLE workers ADD COLUMN capacity text;
        """;
}
