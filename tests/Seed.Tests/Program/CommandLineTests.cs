using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;
using Microsoft.Data.Sqlite;

namespace LPZero.Seed.Tests.Program;

public sealed class CommandLineTests(FinishedRun finished) : IClassFixture<FinishedRun>, IDisposable
{
    private readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task A_run_goes_from_start_to_report_and_can_be_shown_listed_and_exported()
    {
        var started = await Lpzero.DoneAsync(run.Folder, run.StartArguments("--json"));
        var shown = JsonDocument.Parse(started.Output).RootElement;
        Assert.Equal("finished", shown.GetProperty("state").GetString());
        Assert.Equal(150, shown.GetProperty("iterations").GetInt32());
        const string reason = "all 150 iterations done";
        Assert.Equal(reason, shown.GetProperty("ended").GetString());
        Assert.Contains(reason, (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
        Assert.Contains(
            reason, await File.ReadAllTextAsync(Path.Combine(run.Folder, "runs", "run", "report.md")), StringComparison.Ordinal);
        // Every iteration scores two offspring; the first population takes as many draws as it needs to be valid.
        Assert.True(shown.GetProperty("evaluations").GetInt32() >= 12 + (2 * 150));
        var best = shown.GetProperty("best");
        Assert.InRange(best.GetProperty("search").GetProperty("rho").GetDouble(), -1, 1);
        foreach (var figure in new[] { "rho", "tauA", "tauB", "rhoLow", "rhoHigh", "networks" })
        {
            Assert.Equal(JsonValueKind.Number, best.GetProperty("heldOut").GetProperty(figure).ValueKind);
        }

        var leaderboard = shown.GetProperty("leaderboard").EnumerateArray().ToList();
        Assert.Equal(
            leaderboard.Count, leaderboard.Select(row => row.GetProperty("search").GetProperty("ranking").GetUInt64()).Distinct().Count());
        Assert.All(leaderboard, row => Assert.True(row.GetProperty("forms").GetInt32() >= 1));
        Assert.Contains(shown.GetProperty("baselines").EnumerateArray(), baseline => baseline.GetProperty("name").GetString() == "layers");
        Assert.True(shown.GetProperty("prunedByRule").EnumerateObject().Any());
        Assert.True(shown.GetProperty("termCache").GetProperty("misses").GetInt64() > 0);
        Assert.True(shown.GetProperty("seconds").GetDouble() > 0);
        var output = Path.Combine(run.Folder, "runs", "run");
        foreach (var file in new[] { "report.html", "report.md", "hall-of-fame.csv", "hall-of-fame.json" })
        {
            Assert.True(new FileInfo(Path.Combine(output, file)).Length > 0, file);
        }

        Assert.Contains(
            "finished", (await Lpzero.RunAsync(run.Folder, "search", "list", "--db", run.Database)).Output, StringComparison.Ordinal);
        Assert.Contains("def score(inputs)", (await Lpzero.RunAsync(run.Folder, run.Arguments("export", "--format", "python"))).Output,
            StringComparison.Ordinal);
        var table = (await Lpzero.RunAsync(run.Folder, run.Arguments("export", "--format", "csv"))).Output;
        Assert.StartsWith("rank,expression", table, StringComparison.Ordinal);
        Assert.Equal(table, await File.ReadAllTextAsync(Path.Combine(output, "hall-of-fame.csv")));
        Assert.Equal(2, (await Lpzero.RunAsync(run.Folder, run.Arguments("export", "--rank", "1000"))).ExitCode);

        var expression = best.GetProperty("canonical").GetString()!;
        var scored = await Lpzero.DoneAsync(
            run.Folder, "proxy", "score", expression, "--benchmark", "small.json", "--batch", "2x16", "--db", run.Database, "--json");
        var scores = JsonDocument.Parse(scored.Output).RootElement;
        Assert.Equal(18, scores.GetProperty("n").GetInt32());
        Assert.Equal(18, scores.GetProperty("scores").GetArrayLength());
        Assert.Equal(JsonValueKind.Number, scores.GetProperty("tau").ValueKind);

        // The split is the run's, and so is the held-out figure.
        var heldOut = scores.GetProperty("heldOut").GetProperty("rows").EnumerateArray()
            .Single(row => row.GetProperty("kind").GetString() == "expression");
        Assert.Equal(leaderboard[0].GetProperty("heldOut").GetProperty("rho").GetDouble(), heldOut.GetProperty("rho").GetDouble());
    }

    [Fact]
    public async Task Old_runs_are_named_and_then_deleted_and_where_there_are_none_it_says_so()
    {
        finished.CopyTo(run);
        Assert.Equal((0, "", "lpzero: no run that has ended was started more than 1h ago\n"), await PruneAsync("1h", "--dry-run"));
        Assert.Equal((0, "to be deleted: run\n", ""), await PruneAsync("0h", "--dry-run"));
        Assert.Equal((0, "deleted: run\n", ""), await PruneAsync("0h"));

        async Task<(int, string, string)> PruneAsync(string age, params string[] more)
        {
            var pruned = await Lpzero.RunAsync(
                run.Folder, ["runs", "prune", "--older-than", age, "--db", run.Database, .. more]);
            return (pruned.ExitCode, pruned.Output, pruned.Error);
        }
    }

    [Theory]
    [InlineData(2, "unknown operation 'sqare'; did you mean square", "proxy", "explain", "sqare(H) * W")]
    [InlineData(2, "unknown input 'X'", "proxy", "explain", "square(X)")]
    [InlineData(2, "both branches are disconnected", "proxy", "score", "disconnect(A) + disconnect(H)", "--benchmark", "small.json")]
    [InlineData(1, "absent.json: there is no such benchmark file", "search", "start", "--benchmark", "absent.json", "--name", "x")]
    [InlineData(1, "broken.json: line 1", "search", "start", "--benchmark", "broken.json", "--name", "x")]
    [InlineData(1, "$.architectures[3].truth", "search", "start", "--benchmark", "nan.json", "--name", "x")]
    [InlineData(1, "constant", "search", "start", "--benchmark", "constant.json", "--name", "x")]
    [InlineData(1, "at least 8", "search", "start", "--benchmark", "few.json", "--name", "x")]
    [InlineData(1, "more than the memory budget", "search", "start", "--benchmark", "small.json", "--name", "x", "--memory", "0.00001")]
    [InlineData(2, "--memory 0.02: the program itself takes", "search", "start", "--benchmark", "small.json", "--name", "x", "--memory",
        "0.02", "--batch", "2x16", "--threads", "1")]
    [InlineData(2, "--memory 0.02: the program itself takes", "proxy", "score", "A", "--benchmark", "small.json", "--memory", "0.02",
        "--batch", "2x16", "--threads", "1")]
    [InlineData(1, "cuda:99: ", "search", "start", "--benchmark", "small.json", "--name", "x", "--devices", "cuda:99", "--memory", "9")]
    [InlineData(2, "--batch 8by128", "search", "start", "--benchmark", "small.json", "--name", "x", "--batch", "8by128")]
    [InlineData(2, "--preset defualt: did you mean default", "search", "start", "--benchmark", "small.json", "--name", "x", "--preset",
        "defualt")]
    [InlineData(2, "--unary 11: give a number from 1 to 10", "search", "start", "--benchmark", "small.json", "--name", "x", "--unary",
        "11")]
    [InlineData(2, "--target 2: give a rank correlation from -1 to 1", "search", "start", "--benchmark", "small.json", "--name", "x",
        "--target", "2")]
    [InlineData(2, "--inputs A,A: give each of them once", "search", "start", "--benchmark", "small.json", "--name", "x", "--inputs",
        "A,A")]
    [InlineData(2, "--tournament 0: give a share above 0", "search", "start", "--benchmark", "small.json", "--name", "x", "--tournament",
        "0")]
    [InlineData(2, "--layer-reduction sum,sum: give each of them once", "search", "start", "--benchmark", "small.json", "--name", "x",
        "--layer-reduction", "sum,sum")]
    [InlineData(2, "--population 1: give a number from 2 to 100000; --iterations -1", "search", "start", "--benchmark", "small.json",
        "--name", "x", "--population", "1", "--iterations", "-1")]
    [InlineData(2, "--search-architectures 12: they are 0 different networks", "search", "start", "--benchmark", "alike.json", "--name",
        "x")]
    [InlineData(2, "--shapes published: architecture 'a", "search", "start", "--benchmark", "thirds.json", "--name", "x", "--shapes",
        "published")]
    [InlineData(2, "use 1 to 100 letters", "search", "start", "--benchmark", "small.json", "--name", "\u001b[31mred")]
    [InlineData(2, "\\u{1B}[31mred", "search", "\u001b[31mred")]
    [InlineData(2, "use 1 to 100 letters", "search", "start", "--benchmark", "small.json", "--name", "../x")]
    [InlineData(2, "--name", "search", "start", "--benchmark", "small.json")]
    [InlineData(1, "there is no such database", "search", "status", "x")]
    [InlineData(1, "names no benchmark", "search", "start", "--benchmark", "", "--name", "x")]
    [InlineData(2, "--out small.json: no such folder can be made", "search", "start", "--benchmark", "small.json", "--name", "x", "--out",
        "small.json")]
    [InlineData(2, "--out .: is a directory; give a file", "evaluate", "--benchmark", "small.json", "--proxies", "snip", "--format", "csv",
        "--out", ".")]
    [InlineData(2, "--out small.json/x.csv: its folder cannot be made", "evaluate", "--benchmark", "small.json", "--proxies", "snip",
        "--out", "small.json/x.csv")]
    [InlineData(2, "scores: names no file", "evaluate", "--benchmark", "small.json", "--proxies", "scores:")]
    [InlineData(2, "--proxies 'exp(W': at character 6", "evaluate", "--benchmark", "small.json", "--proxies", "A,exp(W")]
    [InlineData(2, "snip is a proxy that people designed, and no expression", "proxy", "explain", "snip")]
    [InlineData(2, "'--iterations' as a number", "search", "start", "--benchmark", "small.json", "--name", "x", "--iterations", "abc")]
    [InlineData(2, "'strat'", "search", "strat")]
    [InlineData(2, "in the shapes 'genotype', too few to rank", "search", "start", "--benchmark", "alike.json", "--name", "x")]
    public async Task Bad_input_gets_one_line_and_its_exit_code_and_leaves_nothing_behind(
        int exitCode, string message, params string[] arguments)
    {
        WriteBadBenchmarks();
        var before = Directory.GetFileSystemEntries(run.Folder, "*", SearchOption.AllDirectories).Order().ToList();
        var result = await Lpzero.RunAsync(run.Folder, arguments);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.DoesNotContain(result.Error.Trim(), char.IsControl);
        Assert.Equal("", result.Output);
        Assert.Equal(before, Directory.GetFileSystemEntries(run.Folder, "*", SearchOption.AllDirectories).Order().ToList());
    }

    [Fact]
    public async Task No_more_threads_compute_than_memory_has_room_for_and_a_line_says_how_many()
    {
        var result = await Lpzero.RunProcessAsync(
            run.Folder, "evaluate", "--benchmark", "small.json", "--proxies", "snip", "--memory", "0.6", "--threads", "1000", "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches("(?m)^lpzero: [1-9][0-9]* of 1000 threads compute networks: one takes up to [0-9]+ MB", result.Error);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public async Task The_smallest_benchmarks_are_searched_by_default(int architectures)
    {
        new BenchmarkFile(SmallBenchmark.Create(architectures)).Write(Path.Combine(run.Folder, "smallest.json"));
        var result = await Lpzero.DoneAsync(
            run.Folder, "search", "start", "--benchmark", "smallest.json", "--name", "x", "--db", run.Database, "--population", "4",
            "--iterations", "1", "--batch", "2x8", "--memory", "4", "--json");
        Assert.Equal("finished", JsonDocument.Parse(result.Output).RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_damaged_database_gets_one_line()
    {
        finished.CopyTo(run);
        using (var file = File.OpenWrite(Path.Combine(run.Folder, run.Database)))
        {
            // Behind the page that makes it a database of this program.
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)(file.Length - file.Position)).ToArray());
        }

        var list = await Lpzero.RunAsync(run.Folder, "search", "list", "--db", run.Database);
        Assert.Equal(1, list.ExitCode);
        Assert.Contains("the database cannot be used", list.Error, StringComparison.Ordinal);
        Assert.Single(list.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_run_of_another_version_of_the_rules_is_not_gone_on_with()
    {
        finished.CopyTo(run);
        using (var connection = new SqliteConnection($"Data Source={run.Database};Pooling=False"))
        using (var command = connection.CreateCommand())
        {
            connection.Open();
            command.CommandText =
                "update runs set configuration = json_set(configuration, '$.version', 0), phase = 'Paused'; delete from reports";
            Assert.Equal(2, command.ExecuteNonQuery());
        }

        var resumed = await Lpzero.RunAsync(run.Folder, run.Arguments("resume"));
        Assert.Equal(1, resumed.ExitCode);
        Assert.Contains("run 'run' cannot go on: its version 0: this program carries out version", resumed.Error, StringComparison.Ordinal);
        Assert.Single(resumed.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_taken_name_and_an_unknown_run_are_refused()
    {
        finished.CopyTo(run);
        var again = await Lpzero.RunAsync(run.Folder, run.StartArguments());
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("exists already", again.Error, StringComparison.Ordinal);
        var unknown = await Lpzero.RunAsync(run.Folder, "search", "show", "rum", "--db", run.Database);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("did you mean run?", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("stop")]
    public async Task What_has_ended_need_not_be_asked_to(string verb)
    {
        finished.CopyTo(run);
        var asked = await Lpzero.RunAsync(run.Folder, run.Arguments(verb));
        Assert.Equal(0, asked.ExitCode);
        Assert.Contains("finished", asked.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "paused")]
    [InlineData(true, "interrupted")]
    public async Task A_run_that_no_process_works_on_is_stopped_and_can_still_be_scored_on_the_held_out_set(bool killed, string before)
    {
        using (var process = Lpzero.Start(run.Folder, run.StartArguments(iterations: 1_000_000)))
        {
            while (await process.StandardError.ReadLineAsync() is { } line && !line.StartsWith("iteration 0 of", StringComparison.Ordinal))
            {
                // It has not begun.
            }

            await Process.Start("kill", [killed ? "-KILL" : "-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExitAsync();
            await process.WaitForExitAsync();
        }

        Assert.Contains(before, (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
        var stopped = await Lpzero.DoneAsync(run.Folder, run.Arguments("stop", "--json"));
        Assert.Equal("stopped", JsonDocument.Parse(stopped.Output).RootElement.GetProperty("state").GetString());
        Assert.Contains("search resume run", stopped.Error, StringComparison.Ordinal);
        Assert.EndsWith("\"reason\":\"stopped by command\"}", (await Lpzero.RunAsync(run.Folder, run.Arguments("events"))).Output.Trim(),
            StringComparison.Ordinal);
        await Lpzero.DoneAsync(run.Folder, run.Arguments("resume"));
        Assert.Equal("stopped", (await run.ShowAsync()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_run_that_does_not_fit_in_memory_is_not_gone_on_with()
    {
        await Lpzero.DoneAsync(run.Folder, run.StartArguments(iterations: 1_000_000, "--time-limit", "0.1"));
        var events = await run.EventStreamAsync();
        var resumed = await Lpzero.RunAsync(run.Folder, run.Arguments("resume", "--memory", "0.02", "--threads", "1"));
        Assert.Equal(2, resumed.ExitCode);
        Assert.StartsWith("lpzero: --memory 0.02: the program itself takes", resumed.Error, StringComparison.Ordinal);
        Assert.Single(resumed.Error.Trim().Split('\n'));
        Assert.Equal(events, await run.EventStreamAsync());
    }

    [Theory]
    [InlineData("search", "list")]
    [InlineData("search", "benchmark", "list")]
    public async Task Without_a_database_a_list_is_empty_and_makes_none(params string[] arguments)
    {
        var list = await Lpzero.DoneAsync(run.Folder, [.. arguments, "--db", run.Database, "--json"]);
        Assert.Equal(0, JsonDocument.Parse(list.Output).RootElement.GetArrayLength());
        Assert.False(File.Exists(run.Database));
    }

    [Fact]
    public async Task A_run_does_not_overwrite_what_a_run_of_another_database_has_found()
    {
        await Lpzero.DoneAsync(run.Folder, run.StartArguments(iterations: 1));
        var found = await File.ReadAllTextAsync(Path.Combine(run.Folder, "runs", "run", "report.md"));
        var second = await Lpzero.RunAsync(run.Folder, run.StartArgumentsIn("second.db", iterations: 2));
        Assert.Equal(2, second.ExitCode);
        Assert.Contains($"belongs to run 'run' of {run.Database}", second.Error, StringComparison.Ordinal);
        Assert.Equal(found, await File.ReadAllTextAsync(Path.Combine(run.Folder, "runs", "run", "report.md")));
        Assert.Equal("[]", (await Lpzero.RunAsync(run.Folder, "search", "list", "--db", "second.db", "--json")).Output.Trim());

        File.Delete(run.Database);
        var again = await Lpzero.RunAsync(run.Folder, run.StartArguments(iterations: 2));
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("it holds report.html", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_run_is_gone_and_its_terms_stay()
    {
        finished.CopyTo(run);
        var terms = run.TimesStored().Count;
        var deleted = await Lpzero.RunAsync(run.Folder, run.Arguments("delete"));
        Assert.Equal((0, "run 'run' is deleted; its terms and its files stay"), (deleted.ExitCode, deleted.Output.Trim()));
        Assert.Equal("[]", (await Lpzero.RunAsync(run.Folder, "search", "list", "--db", run.Database, "--json")).Output.Trim());
        Assert.Equal(terms, run.TimesStored().Count);
        var again = await Lpzero.RunAsync(run.Folder, run.Arguments("delete"));
        Assert.Equal((1, "lpzero: there is no run 'run'"), (again.ExitCode, again.Error.Trim()));
        var anew = run.StartArguments(iterations: 1, "--out", "anew");
        await Lpzero.DoneAsync(run.Folder, anew);
    }

    [Fact]
    public async Task A_run_that_nobody_works_on_is_given_another_priority()
    {
        finished.CopyTo(run);
        var changed = await Lpzero.RunAsync(run.Folder, run.Arguments("priority", "4"));
        Assert.Equal((0, true), (changed.ExitCode, changed.Output.Contains("priority: 4", StringComparison.Ordinal)));
        Assert.Contains("priority: 4", (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
        var refused = await Lpzero.RunAsync(run.Folder, run.Arguments("priority", "101"));
        Assert.Equal((2, "lpzero: priority 101 is out of range: give 1 to 100"), (refused.ExitCode, refused.Error.Trim()));
    }

    [Fact]
    public async Task A_run_is_started_with_the_benchmark_that_an_earlier_one_has_stored()
    {
        finished.CopyTo(run);
        string[] again = [.. run.StartArguments(iterations: 1).Select(word => word switch
        {
            "small.json" => "stored:small",
            "run" => "again",
            _ => word,
        })];
        var started = await Lpzero.DoneAsync(run.Folder, again);
    }

    [Fact]
    public async Task A_hint_can_be_pasted()
    {
        const string database = "my runs.db";
        finished.CopyTo(run, database);
        var start = run.StartArgumentsIn(database, iterations: 1);
        Assert.EndsWith($"lpzero search resume run --db '{database}'", (await Lpzero.RunAsync(run.Folder, start)).Error.Trim(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_prints_one_object_a_line()
    {
        finished.CopyTo(run);
        var lines = (await Lpzero.RunAsync(run.Folder, run.Arguments("watch", "--json"))).Output.Trim().Split('\n');
        Assert.All(lines, line => Assert.Equal("run", JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("2>&-", "status", 1)]
    [InlineData(">&-", "list", 0)]
    public async Task A_closed_standard_stream_does_not_end_a_command(string closed, string verb, int exitCode)
    {
        string[] arguments = verb == "status" ? ["status", "x"] : ["list"];
        using var process = Process.Start(new ProcessStartInfo(
            "sh", ["-c", $"exec dotnet \"$0\" \"$@\" {closed}", Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), "search",
                .. arguments, "--db", run.Database]))!;
        await process.WaitForExitAsync();
        Assert.Equal(exitCode, process.ExitCode);
    }

    [Fact]
    public async Task What_is_on_a_read_only_file_system_can_be_listed_and_shown()
    {
        finished.CopyTo(run, "sub/runs.db");
        var folder = Path.Combine(run.Folder, "sub");
        foreach (var withLog in new[] { true, false })
        {
            if (!withLog)
            {
                await CloseAsync(Path.Combine(folder, "runs.db"));
            }

            var before = Directory.GetFiles(folder).Order().ToList();
            await Process.Start("chmod", ["-R", "a-w", folder]).WaitForExitAsync();
            var list = await WithoutPrivilegeAsync("search", "list", "--db", "sub/runs.db");
            Assert.True(list.ExitCode == 0, list.Error);
            Assert.Contains("finished", list.Output, StringComparison.Ordinal);
            Assert.Equal(0, (await WithoutPrivilegeAsync("search", "show", "run", "--db", "sub/runs.db")).ExitCode);
            var started = await WithoutPrivilegeAsync(
                [.. run.StartArgumentsIn("sub/runs.db", iterations: 1).Select(argument => argument == "run" ? "second" : argument)]);
            Assert.Equal(2, started.ExitCode);
            Assert.Contains("can be read but not written to", started.Error, StringComparison.Ordinal);
            await Process.Start("chmod", ["-R", "u+w", folder]).WaitForExitAsync();
            Assert.Equal(before, Directory.GetFiles(folder).Order().ToList());
        }
    }

    [Theory]
    [InlineData("search", "start")]
    [InlineData("search", "resume")]
    [InlineData("search", "export")]
    [InlineData("proxy", "score")]
    [InlineData("proxy", "explain")]
    [InlineData("proxy", "space")]
    [InlineData("benchmark", "train")]
    [InlineData("benchmark", "show")]
    [InlineData("benchmark", "space")]
    public async Task Help_ends_with_an_example(string group, string verb)
    {
        var help = await Lpzero.RunAsync(run.Folder, group, verb, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"Example:\n  ./lpzero {group} {verb} ", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_genotypes_of_a_space_are_counted()
    {
        var counted = await Lpzero.RunAsync(run.Folder, "benchmark", "space", "--space", "flexibert", "--count");
        Assert.Equal("10,621,440\n", counted.Output);
        var listed = await Lpzero.RunAsync(run.Folder, "benchmark", "space", "--json");
        Assert.Contains("\"space\": \"flexibert\"", listed.Output, StringComparison.Ordinal);
        var unknown = await Lpzero.RunAsync(run.Folder, "benchmark", "space", "--space", "mars");
        Assert.Equal(2, unknown.ExitCode);
        Assert.StartsWith("lpzero: --space unknown search space 'mars'; known are flexibert", unknown.Error, StringComparison.Ordinal);
        Assert.Single(unknown.Error.TrimEnd().Split('\n'));
    }

    /// <summary>Leaves all in one file, as an orderly end does: the last connection takes the log away.</summary>
    private static async Task CloseAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma wal_checkpoint(truncate)";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs the program as somebody whom permissions bind, which root is not.</summary>
    private async Task<ProgramResult> WithoutPrivilegeAsync(params string[] arguments)
    {
        string[] line = ["dotnet", Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), .. arguments];
        if (Environment.UserName == "root")
        {
            line = ["setpriv", "--bounding-set=-dac_override", .. line];
        }

        using var process = Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = run.Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    private void WriteBadBenchmarks()
    {
        var good = new BenchmarkFile(SmallBenchmark.Create());
        var text = good.ToJson();
        File.WriteAllText(Path.Combine(run.Folder, "broken.json"), "{,}");
        File.WriteAllText(
            Path.Combine(run.Folder, "nan.json"),
            text.Replace("\"truth\":2.1}", "\"truth\":NaN}", StringComparison.Ordinal)
                .Replace(Truth(3), "\"truth\":NaN}", StringComparison.Ordinal));
        new BenchmarkFile(good.Benchmark with
        {
            Architectures = [.. good.Benchmark.Architectures.Select(a => a with { Truth = 1 })],
        }).Write(Path.Combine(run.Folder, "constant.json"));
        new BenchmarkFile(good.Benchmark with { Architectures = [.. good.Benchmark.Architectures.Take(7)] }).Write(
            Path.Combine(run.Folder, "few.json"));

        Rebuilt("alike.json", architecture => good.Benchmark.Architectures[0].Genotype);
        Rebuilt(
            "thirds.json",
            architecture =>
                new FlexiBertGenotype(96, [
                    .. ((FlexiBertGenotype)architecture.Genotype).Layers.Select(layer =>
                        layer with { Operation = MixingOperation.ScaledDotProduct, Heads = 3 }),
                ]));

        void Rebuilt(string file, Func<Architecture, Genotype> genotype) => new BenchmarkFile(
            good.Benchmark with { Architectures = [.. good.Benchmark.Architectures.Select(a => a with { Genotype = genotype(a) })] }).Write(
                Path.Combine(run.Folder, file));

        string Truth(int index) =>
            $"\"truth\":{good.Benchmark.Architectures[index].Truth.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}";
    }
}
