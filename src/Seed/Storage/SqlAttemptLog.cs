using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LPZero.GpuNode.Actors;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Storage;

/// <summary>The attempts of a cluster in its database.</summary>
/// <param name="database">Where they are.</param>
/// <param name="machine">What names this machine.</param>
/// <param name="process">What names this process among all that ever were.</param>
public sealed class SqlAttemptLog(Database database, string machine, string process) : IAttemptLog
{
    private const int DeathsOnOneMachine = 2;
    private const int Deaths = 3;

    /// <summary>The attempts of this process.</summary>
    /// <param name="database">Where they are.</param>
    public SqlAttemptLog(Database database)
        : this(database, Environment.MachineName, Guid.NewGuid().ToString("N"))
    {
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>?> BeginAsync(string contentKey, TermRequest request)
    {
        await using var connection = await database.OpenAsync();
        var attempt = new { contentKey, wanted = Digest(request), machine, process };
        var machines = (await connection.QueryAsync<string>(
            """
            select machine from attempts
            where content_key = @contentKey and wanted = @wanted and process <> @process order by machine
            """, attempt)).ToImmutableArray();
        if (machines.Length >= Deaths
            || machines.CountBy(name => name, StringComparer.Ordinal).Any(deaths => deaths.Value >= DeathsOnOneMachine))
        {
            await connection.ExecuteAsync("delete from attempts where content_key = @contentKey and wanted = @wanted", attempt);
            return machines;
        }

        await connection.ExecuteAsync(
            """
            insert into attempts (content_key, wanted, machine, process) values (@contentKey, @wanted, @machine, @process)
            on conflict do nothing
            """, attempt);
        return null;
    }

    /// <inheritdoc/>
    public async Task EndAsync(string contentKey, TermRequest request)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync(
            "delete from attempts where content_key = @contentKey and wanted = @wanted", new { contentKey, wanted = Digest(request) });
    }

    private static string Digest(TermRequest request) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '|', request.Wanted.Select(set => $"{set.Input} {string.Join(' ', set.Chains)}").Concat(request.Proxies)))));
}
