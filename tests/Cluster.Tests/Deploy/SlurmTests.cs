using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LPZero.Cluster.Tests.Processes;

namespace LPZero.Cluster.Tests.Deploy;

/// <summary>deploy/lpzero.slurm, submitted to a Slurm that the test starts. Part of <c>./lpzero test --all</c>.</summary>
public sealed class SlurmTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly string folder = Directory.CreateTempSubdirectory("lpz-slurm-").FullName;
    private readonly int port = Ports.Free();

    private string Control => $"127.0.0.1:{(port + 1).ToString(CultureInfo.InvariantCulture)}";

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [SlurmFact]
    [Trait("Category", "All")]
    public async Task A_run_goes_on_after_its_job_is_sent_back_to_the_queue_and_in_the_next_job_after_scancel()
    {
        var program = Path.Combine(folder, "lpzero");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "lpzero.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var database = Path.Combine(folder, "lpzero.db");
        await using var slurm = await SlurmMachine.StartAsync(Directory.CreateDirectory(Path.Combine(folder, "s")).FullName);
        var job = await slurm.SubmitAsync(port, program, database);
        await UntilAsync("a coordinator and a GPU node are up", slurm, async () =>
            await AskAsync("search", "nodes") is JsonArray { Count: 2 } nodes && nodes.All(node => (string)node!["status"]! == "up"));
        var benchmark = Path.Combine(Repository.Root!, "data", "tiny-flexibert.json");
        Assert.NotNull(
            await AskAsync("search", "start", "--detach", "--name", "first", "--iterations", "1000000", "--benchmark", benchmark));
        var before = await UntilFurtherAsync(0, slurm);

        await slurm.RunAsync("scontrol", "requeue", job);
        await UntilAsync("the job has begun again", slurm, async () =>
            (await slurm.RunAsync("scontrol", "show", "job", job)) is var shown && shown.Contains("Restarts=1", StringComparison.Ordinal)
            && shown.Contains("JobState=RUNNING", StringComparison.Ordinal));
        before = await UntilFurtherAsync(before, slurm);

        await slurm.RunAsync("scancel", job);
        await UntilAsync("the job has ended", slurm, async () => (await slurm.RunAsync("squeue", "--noheader")).Trim().Length == 0);
        job = await slurm.SubmitAsync(port, program, database);
        await UntilFurtherAsync(before, slurm);
        await slurm.RunAsync("scancel", job);
        await UntilAsync("the last job has ended", slurm, async () => (await slurm.RunAsync("squeue", "--noheader")).Trim().Length == 0);
    }

    /// <summary>Waits until the run is further than it was, and says how far.</summary>
    private async Task<int> UntilFurtherAsync(int before, SlurmMachine slurm)
    {
        var iteration = 0;
        await UntilAsync($"the run is further than iteration {before.ToString(CultureInfo.InvariantCulture)}", slurm, async () =>
            (iteration = (int?)(await AskAsync("search", "status", "first"))?["iteration"] ?? 0) > before);
        return iteration;
    }

    /// <summary>What a command answers; null where nobody does.</summary>
    private async Task<JsonNode?> AskAsync(params string[] command)
    {
        var (code, output) = await TestCluster.RunAsync(folder, ["--connect", Control, .. command, "--json"]);
        return code == 0 ? JsonNode.Parse(output) : null;
    }

    private static async Task UntilAsync(string what, SlurmMachine slurm, Func<Task<bool>> isSo)
    {
        var started = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(started.Elapsed < Patience, $"waited in vain until {what}\n{slurm.Logs()}");
            await Task.Delay(Interval);
        }
    }
}
