using System.Text.Json;
using Dapper;
using LPZero.Coordinator.Exhaustive;
using LPZero.Messages;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Exhaustive;

/// <summary>Results of exhaustive searches, under the key of what they depend on.</summary>
/// <param name="database">Where they are stored.</param>
public sealed class ExhaustiveStore(Database database)
{
    /// <summary>The result of that key, if there is one.</summary>
    public ExhaustiveResult? Load(string key)
    {
        using var connection = database.Open();
        var result = connection.QuerySingleOrDefault<string>("select result from exhaustive where content_key = @key", new { key });
        return result is null ? null : JsonSerializer.Deserialize<ExhaustiveResult>(result, MessageJson.Options);
    }

    /// <summary>Stores a result, in place of an earlier one.</summary>
    public void Save(string key, ExhaustiveResult result)
    {
        using var connection = database.Open();
        connection.Execute(
            "insert into exhaustive (content_key, result) values (@key, @result) on conflict (content_key) do update set result = @result",
            new { key, result = JsonSerializer.Serialize(result, MessageJson.Options) });
    }
}
