using System.Text.Json;
using Dapper;
using LPZero.Coordinator.Exhaustive;
using LPZero.Messages;

namespace LPZero.Seed.Storage;

/// <summary>Results of exhaustive searches, under the key of what they depend on.</summary>
/// <param name="database">Where they are stored.</param>
public sealed class ExhaustiveResults(Database database)
{
    /// <summary>The result of that key, if there is one.</summary>
    public async Task<ExhaustiveResult?> FindAsync(string key)
    {
        await using var connection = await database.OpenAsync();
        var result = await connection.QuerySingleOrDefaultAsync<string>(
            "select result from exhaustive where content_key = @key", new { key });
        return result is null ? null : JsonSerializer.Deserialize<ExhaustiveResult>(result, MessageJson.Options);
    }

    /// <summary>Stores a result, in place of an earlier one.</summary>
    public async Task SaveAsync(string key, ExhaustiveResult result)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync(
            """
            insert into exhaustive (content_key, result) values (@key, @result)
            on conflict (content_key) do update set result = excluded.result
            """,
            new { key, result = JsonSerializer.Serialize(result, MessageJson.Options) });
    }
}
