namespace LPZero.Seed.Storage;

/// <summary>The database where none is named.</summary>
internal static class DefaultDatabase
{
    /// <summary>What <c>LPZERO_DB</c> says, else a file in the working directory.</summary>
    public static string Location => Environment.GetEnvironmentVariable("LPZERO_DB") is { Length: > 0 } given ? given : ".lpzero/lpzero.db";
}
