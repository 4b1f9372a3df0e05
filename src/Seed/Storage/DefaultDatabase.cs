namespace LPZero.Seed.Storage;

/// <summary>The database where none is named.</summary>
internal static class DefaultDatabase
{
    // Of a command and what it calls: several run in the process of the tests.
    private static readonly AsyncLocal<string?> Configured = new();

    /// <summary>What is configured, else what <c>LPZERO_DB</c> says, else a file in the working directory.</summary>
    public static string Location =>
        Configured.Value ?? (Environment.GetEnvironmentVariable("LPZERO_DB") is { Length: > 0 } given ? given : ".lpzero/lpzero.db");

    /// <summary>Says which it is for the command that is being carried out.</summary>
    public static void Configure(string location) => Configured.Value = location;
}
