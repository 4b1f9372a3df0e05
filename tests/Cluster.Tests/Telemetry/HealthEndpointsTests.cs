using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LPZero.Seed.Storage;
using LPZero.Seed.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LPZero.Cluster.Tests.Telemetry;

public sealed class HealthEndpointsTests
{
    [Fact]
    public async Task Without_the_journal_a_process_is_alive_and_not_ready_and_says_no_more_than_which_check_failed()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-health-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var database = new Database(Path.Combine(folder, "lpzero.db"));
        await database.CreateTablesAsync();
        DatabaseHealth.Add(builder.Services, database, hasJournal: true);
        await using (var server = builder.Build())
        {
            server.MapHealth();
            await server.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };

            foreach (var path in new[] { "/health/ready", "/health/startup", "/readyz" })
            {
                using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.Equal(
                    """{"status":"unhealthy","checks":[{"name":"database","status":"unhealthy"}]}""",
                    (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetRawText());
            }

            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_process_without_a_journal_needs_a_database_that_answers_and_no_more(bool isRemoved, bool healthy)
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-health-").FullName;
        var file = Path.Combine(folder, "lpzero.db");
        await using (var database = new Database(file))
        {
            await database.CreateTablesAsync();
            if (isRemoved)
            {
                File.Delete(file);
            }

            var services = new ServiceCollection().AddLogging();
            DatabaseHealth.Add(services, database, hasJournal: false);
            await using var provider = services.BuildServiceProvider();

            var report = await provider.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>()
                .CheckHealthAsync();

            Assert.Equal(healthy ? "Healthy" : "Unhealthy", report.Status.ToString());
        }

        Directory.Delete(folder, recursive: true);
    }
}
