using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Cluster.Tests.Devices;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Cluster.Tests.Upgrade;

/// <summary>Runs as earlier versions have exported them.</summary>
public sealed class ArchiveFormsTests : IDisposable
{
    private const string Kind = "archive";
    private const string Ending = ".zip";

    private static readonly SearchConfiguration Configuration = Synthetic.Configuration with { UnaryOperations = 1, Iterations = 12 };

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-archives-").FullName;

    public static TheoryData<string> Stored => [.. StoredForms.Names(Kind, Ending)];

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Each_form_of_an_archive_has_a_file_of_its_own()
    {
        var name = StoredForms.Number(RunArchive.CurrentFormat) + Ending;
        if (StoredForms.IsWanted(Kind, name))
        {
            var file = Path.Combine(folder, "lpzero.db");
            await LocalRun.ToEndAsync(file, new StartRequest("exported", Configuration, Synthetic.Benchmark), new FakeDevices());
            await using var database = new Database(file);
            await database.ReadAsync();
            await new RunExport(database).WriteAsync("exported", StoredForms.File(Kind, name), overwrite: false, default);
        }

        Assert.Contains(StoredForms.Number(RunArchive.CurrentFormat), StoredForms.Names(Kind, Ending));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public async Task A_run_that_an_earlier_version_has_exported_is_taken_in_or_its_version_is_named(string form)
    {
        await using var database = new Database(Path.Combine(folder, form + ".db"));
        await database.CreateTablesAsync();
        var import = new RunImport(database);
        var file = StoredForms.File(Kind, form + Ending);
        if ((await ConfigurationAsync(file)).FindProblemOfVersion() is not null)
        {
            var refused = await Assert.ThrowsAsync<InvalidDataException>(() => import.RunAsync(file, name: null, default));
            Assert.Contains("start a new run", refused.Message, StringComparison.Ordinal);
            return;
        }

        await import.RunAsync(file, name: null, default);
        var reader = new RunReader(database);
        Assert.Equal("finished", (await reader.StatusAsync("exported", default)).State);
        Assert.NotNull((await reader.ResultAsync("exported", default)).Report);
        Assert.Null((await new StoreVerification(database).RunAsync(default)).FindDamage());
    }

    private static async Task<SearchConfiguration> ConfigurationAsync(string file)
    {
        await using var zip = await ZipFile.OpenReadAsync(file);
        await using var run = await zip.GetEntry(RunArchive.Run)!.OpenAsync();
        var configuration = (await JsonNode.ParseAsync(run))!["configuration"]!.GetValue<string>();
        return JsonSerializer.Deserialize<SearchConfiguration>(configuration, MessageJson.Options)!;
    }
}
