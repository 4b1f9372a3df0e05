using System.Text.Json.Nodes;
using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Settings;
using LPZero.Seed.Tests.Program;

namespace LPZero.Seed.Tests.CommandLine.Settings;

/// <summary>What files and environment say of a command's options; processes of the program show where it looks.</summary>
public sealed class ConfiguredCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-config-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_typed_goes_before_what_a_file_says()
    {
        var file = Write("run.yaml", "seed: 7\niterations: 3\ninputs: [A, W]\ntarget: -0.5\n");
        var configured = Configure("search", "start", "--benchmark", "x", "--name", "x", "--config", file, "--seed", "9");
        Assert.Empty(configured.Parsed.Errors);
        Assert.Equal(["inputs", "iterations", "target"], Keys(configured));
        var read = SearchVerbs.Configuration.Read(configured.Parsed, SmallBenchmark.Create());
        Assert.Equal((9UL, 3, -0.5), (read.Seed, read.Iterations, read.Target));
        Assert.Equal("AW", string.Concat(read.Inputs));
    }

    [Fact]
    public void A_required_option_may_stand_in_a_file()
    {
        var file = Write("run.yaml", "benchmark: x\n");
        Assert.Single(Commands.Root().Parse(["search", "start", "--name", "x"]).Errors);
        Assert.Empty(Configure("search", "start", "--config", file, "--name", "x").Parsed.Errors);
    }

    [Fact]
    public void A_command_takes_the_settings_that_it_has_options_for()
    {
        var file = Write("run.yaml", "seed: 7\nthreads: 1\nroles: gpu\n");
        Assert.Equal(["threads"], Keys(Configure("demo", "--config", file)));
        Assert.Equal(["roles", "threads"], Keys(Configure("node", "--config", file)));
        Assert.Empty(Configure("proxy", "list", "--config", file).Added);
    }

    [Fact]
    public void On_a_cluster_what_says_how_this_process_works_is_left_out()
    {
        var file = Write("run.yaml", "db: here.db\nthreads: 1\nmemory: 4\nseed: 7\n");
        var configured = Configure("--connect", "h:1", "search", "start", "--benchmark", "x", "--name", "x", "--config", file);
        Assert.Equal(["seed"], Keys(configured));
        // The file may also say which cluster; commands that work on this machine alone do not heed it.
        file = Write("run.yaml", "connect: h:1\nthreads: 1\n");
        Assert.Equal(["connect"], Keys(Configure("search", "list", "--config", file)));
        Assert.Equal(["threads"], Keys(Configure("demo", "--config", file)));
    }

    [Fact]
    public void Settings_do_not_become_what_follows_two_dashes()
    {
        var file = Write("run.yaml", "threads: 1\n");
        var configured = Configure("search", "resume", "--config", file, "--", "--odd");
        Assert.Empty(configured.Parsed.Errors);
        Assert.Equal("--odd", configured.Parsed.GetValue(SearchVerbs.Run));
    }

    [Fact]
    public void Help_asks_no_file() =>
        Assert.Empty(Configure("search", "start", "--help", "--config", Path.Combine(folder, "absent.yaml")).Added);

    [Theory]
    [InlineData("seed: seven\n", "line 1: Cannot parse argument 'seven' for option '--seed'")]
    [InlineData("sampling: ramdom\n", "line 1: --sampling ramdom: did you mean drawn, ")]
    [InlineData("seed: 1\nbatch: 8y128\n", "line 2: --batch 8y128: give sequences x tokens")]
    [InlineData("seed: 1\n\niterations: -1\n", "line 3: --iterations -1: ")]
    [InlineData("sead: 1\n", "line 1: 'sead' is no setting: did you mean seed, ")]
    [InlineData("connect: elsewhere.example:80\n", "line 1: connect: a project does not say where your token is sent")]
    public async Task A_value_that_cannot_be_meant_is_one_line_with_its_place(string text, string expected)
    {
        Write("lpzero.yaml", text);
        Write("tiny.json", await File.ReadAllTextAsync(Path.Combine(Repository.Root!, "data", "tiny-flexibert.json")));
        var refused = await Lpzero.RunAsync(folder, "search", "start", "--benchmark", "tiny.json", "--name", "x");
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.StartsWith($"lpzero: lpzero.yaml, {expected}", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Every_value_is_shown_with_where_it_is_said_in_the_order_of_precedence()
    {
        var project = Directory.CreateDirectory(Path.Combine(folder, "project")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "user", "lpzero"));
        Write("user/lpzero/config.yaml", "seed: 1\nthreads: 1\npopulation: 11\nweights-seed: 1\n");
        Write("project/lpzero.yaml", "seed: 2\nthreads: 2\npreset: paper\n");
        Write("project/run.yaml", "seed: 3\nthreads: 3\ndb: Host=h;Username=u;Password=secret\n");
        using var process = Lpzero.Start(
            [$"XDG_CONFIG_HOME={folder}/user", "LPZERO_SEED=4", "LPZERO_WEIGHTS_SEED=5"], project,
            "config", "show", "--config", "run.yaml", "--json");
        var json = JsonNode.Parse(await process.StandardOutput.ReadToEndAsync())!;
        await process.WaitForExitAsync();
        Assert.Equal(1, (int)json["schemaVersion"]!);
        var settings = json["settings"]!.AsArray().ToDictionary(
            row => (string)row!["key"]!, row => ((string?)row!["value"], (string)row["origin"]!), StringComparer.Ordinal);
        Assert.Equal(("4", "LPZERO_SEED"), settings["seed"]);
        Assert.Equal(("5", "LPZERO_WEIGHTS_SEED"), settings["weights-seed"]);
        Assert.Equal(("3", "run.yaml, line 2"), settings["threads"]);
        Assert.Equal(("paper", "lpzero.yaml, line 3"), settings["preset"]);
        Assert.Equal(("11", $"{folder}/user/lpzero/config.yaml, line 3"), settings["population"]);
        Assert.Equal(("0", "default"), settings["min-distinct"]); // of the preset in force
        Assert.Equal((null, "default"), settings["target"]);
        Assert.Equal("run.yaml, line 3", settings["db"].Item2);
        Assert.DoesNotContain("secret", json.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_of_a_file_is_where_runs_are_looked_for()
    {
        Write("lpzero.yaml", "db: elsewhere.db\n");
        var shown = await Lpzero.RunAsync(folder, "search", "show", "x");
        Assert.Equal(ExitCode.Failed, shown.ExitCode);
        Assert.StartsWith("lpzero: elsewhere.db: there is no such database", shown.Error, StringComparison.Ordinal);
        shown = await Lpzero.RunAsync(folder, "search", "show", "x", "--db", "typed.db");
        Assert.StartsWith("lpzero: typed.db: ", shown.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Keys(ConfiguredCommand configured) =>
        configured.Added.Select(value => value.Key).Order(StringComparer.Ordinal);

    private static ConfiguredCommand Configure(params string[] arguments) =>
        ConfiguredCommand.Of(arguments, Commands.Root().Parse(arguments));

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
