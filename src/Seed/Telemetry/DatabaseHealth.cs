using LPZero.Seed.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LPZero.Seed.Telemetry;

/// <summary>Whether the database answers, and on a coordinator has the tables of the journal.</summary>
/// <param name="database">The database.</param>
/// <param name="hasJournal">Whether this process has a journal in it.</param>
public sealed class DatabaseHealth(Database database, bool hasJournal) : IHealthCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    /// <summary>Adds the check.</summary>
    public static void Add(IServiceCollection services, Database database, bool hasJournal) => services.AddHealthChecks().Add(
        new HealthCheckRegistration(
            "database", _ => new DatabaseHealth(database, hasJournal), HealthStatus.Unhealthy, [HealthTags.Ready, HealthTags.Startup],
            Longest));

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await AnswersAsync().WaitAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("the journal's tables are not there");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        if (hasJournal)
        {
            return await database.HasJournalAsync();
        }

        await using var connection = await database.OpenAsync();
        await using var question = connection.CreateCommand();
        question.CommandText = "select 1";
        await question.ExecuteScalarAsync();
        return true;
    }
}
