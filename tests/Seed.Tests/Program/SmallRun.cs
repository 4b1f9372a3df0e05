using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Search;
using LPZero.Messages.Wire;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Tests.Benchmarks;
using Microsoft.Data.Sqlite;

namespace LPZero.Seed.Tests.Program;

/// <summary>A search of <see cref="SmallBenchmark"/> in a folder of its own, driven through the command line.</summary>
internal sealed class SmallRun : IDisposable
{
    private const string Name = "run";
    private readonly TemporaryFolder folder = new();

    public SmallRun() => new BenchmarkFile(SmallBenchmark.Create()).Write(folder.File("small.json"));

    public string Folder => folder.Path;

    public string Database => folder.File("runs.db");

    public string[] StartArguments(params string[] more) => StartArguments(iterations: 150, more);

    public string[] StartArguments(int iterations, params string[] more) =>
    [
        "search", "start", "--benchmark", "small.json", "--name", Name, "--db", Database, "--population", "12", "--iterations",
        iterations.ToString(CultureInfo.InvariantCulture), "--offspring", "2", "--batch", "2x16", "--memory", "4", .. more,
    ];

    /// <summary>The same in another database.</summary>
    public string[] StartArgumentsIn(string database, int iterations) =>
        [.. StartArguments(iterations).Select(argument => argument == Database ? database : argument)];

    public string[] Arguments(string verb, params string[] more) => ["search", verb, Name, "--db", Database, .. more];

    /// <summary>The events that two runs of the same configuration have in common, one a line.</summary>
    public async Task<string> EventStreamAsync()
    {
        var events = await Lpzero.DoneAsync(Folder, Arguments("events"));
        return string.Join('\n', events.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !JsonSerializer.Deserialize<SearchEvent>(line, MessageJson.Options)!.IsLifecycle));
    }

    /// <summary>The terms that the database holds, each with how often it was stored.</summary>
    public IReadOnlyList<int> TimesStored()
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select content_key, input, block from terms";
        using var reader = command.ExecuteReader();
        var times = new Dictionary<(string, long, Messages.Proxies.Chain), int>();
        while (reader.Read())
        {
            var block = TermBlockCodec.Decode((Messages.Proxies.InputKind)reader.GetInt64(1), (byte[])reader[2]);
            foreach (var chain in block.Chains)
            {
                var key = (reader.GetString(0), reader.GetInt64(1), chain);
                times[key] = times.GetValueOrDefault(key) + 1;
            }
        }

        return [.. times.Values];
    }

    public async Task<JsonElement> ShowAsync()
    {
        var shown = await Lpzero.DoneAsync(Folder, Arguments("show", "--json"));
        return JsonDocument.Parse(shown.Output).RootElement.Clone();
    }

    /// <summary>Waits for the end of the processes that work in its folder, as one in the background writes there till then.</summary>
    public async Task WaitForProcessesAsync()
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc").Where(entry => IsHere($"{entry}/cwd")))
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture));
                await process.WaitForExitAsync();
            }
            catch (ArgumentException)
            {
                // It has ended.
            }
        }
    }

    public void Dispose() => folder.Dispose();

    private bool IsHere(string workingFolder)
    {
        try
        {
            return File.ResolveLinkTarget(workingFolder, returnFinalTarget: false)?.FullName == Folder;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Another user's, or one that has ended.
            return false;
        }
    }
}
