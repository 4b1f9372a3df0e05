using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using LPZero.Cluster.Tests.Processes;

namespace LPZero.Cluster.Tests.Deploy;

/// <summary>What deploy/ says about the program, against the program.</summary>
public sealed partial class DeployTests
{
    private const int TokenNeeded = 401;
    private const int Patience = 10_000;

    /// <summary>Options that deploy/ gives to other programs.</summary>
    private static readonly Dictionary<string, string> OfOthers = new(StringComparer.Ordinal)
    {
        ["--build-arg"] = "docker",
        ["--from"] = "Dockerfile",
        ["--no-install-recommends"] = "apt-get",
        ["--system"] = "useradd",
        ["--uid"] = "useradd",
        ["--create-home"] = "useradd",
        ["--home-dir"] = "useradd",
        ["--self-contained"] = "dotnet",
        ["--now"] = "systemctl",
        ["--from-literal"] = "kubectl",
        ["--job-name"] = "sbatch",
        ["--nodes"] = "sbatch",
        ["--gpus-per-node"] = "sbatch",
        ["--ntasks-per-node"] = "sbatch",
        ["--cpus-per-task"] = "sbatch",
        ["--time"] = "sbatch",
        ["--signal"] = "sbatch",
        ["--requeue"] = "sbatch",
        ["--open-mode"] = "sbatch",
        ["--kill-on-bad-exit"] = "srun",
        ["--config"] = "prometheus",
    };

    private static IEnumerable<(string Name, string Text)> Files =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root!, "deploy"), "*", SearchOption.AllDirectories)
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

    [Fact]
    public async Task Every_option_in_deploy_is_one_of_the_program()
    {
        var help = await TestCluster.RunAsync(Path.GetTempPath(), "node", "--help");
        Assert.Equal(0, help.ExitCode);
        var root = await TestCluster.RunAsync(Path.GetTempPath(), "--help");
        var known = OptionPattern().Matches(help.Output + root.Output).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var used = Files.SelectMany(file => OptionPattern().Matches(file.Text).Select(match => (file.Name, Option: match.Value))).Distinct()
            .ToList();
        Assert.Contains(used, use => use.Option == "--devices");
        Assert.All(used, use => Assert.True(known.Contains(use.Option) || OfOthers.ContainsKey(use.Option), $"{use.Name}: {use.Option}"));
        Assert.Empty(OfOthers.Keys.Except(used.Select(use => use.Option)));
    }

    [Fact]
    public void Every_variable_in_deploy_is_read()
    {
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root!, "src", "Seed"), "*.cs",
            SearchOption.AllDirectories).Select(File.ReadAllText));
        var read = QuotedVariablePattern().Matches(source).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("LPZERO_DB", read);
        // A variable may also be one of the file's own, set and expanded there.
        Assert.All(
            Files.SelectMany(file => VariablePattern().Matches(file.Text).Select(match => (file.Name, Variable: match.Value, file.Text))),
            use => Assert.True(read.Contains(use.Variable) || use.Text.Contains($"${use.Variable}", StringComparison.Ordinal),
                $"{use.Name}: {use.Variable}"));
    }

    [Fact]
    public async Task The_Slurm_script_is_a_shell_script()
    {
        using var bash = Process.Start("bash", ["-n", Path.Combine(Repository.Root!, "deploy", "lpzero.slurm")]);
        await bash.WaitForExitAsync();
        Assert.Equal(0, bash.ExitCode);
    }

    [Fact]
    public async Task The_health_checks_in_deploy_are_answered_and_the_rest_needs_the_token()
    {
        var paths = Files.SelectMany(file => HealthPattern().Matches(file.Text).Select(match => match.Value)).Distinct()
            .Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["/health/live", "/health/ready", "/health/startup"], paths);
        var folder = Directory.CreateTempSubdirectory("lpzero-deploy-").FullName;
        var (port, control) = (Ports.Free(), Ports.Free());
        const string token = "the-token-of-this-node", wrong = "nearly-the-token";
        // As systemd gives it to a unit of Type=notify.
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "notify")));
        await using (var node = new NodeProcess(
            folder, "node", port, control,
            new Dictionary<string, string> { ["LPZERO_TOKEN"] = token, ["NOTIFY_SOCKET"] = Path.Combine(folder, "notify") },
            "--roles", "coordinator", "--port", Text(port), "--control", $"127.0.0.1:{Text(control)}", "--db",
            Path.Combine(folder, "lpzero.db")))
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Text(control)}") };
            foreach (var path in paths)
            {
                await UntilAsync(client, path, Path.Combine(folder, "node.log"));
            }

            Assert.Equal(TokenNeeded, (int)(await client.GetAsync(new Uri("/api/runs", UriKind.Relative))).StatusCode);
            client.DefaultRequestHeaders.Authorization = new("Bearer", wrong);
            Assert.Equal(TokenNeeded, (int)(await client.GetAsync(new Uri("/api/runs", UriKind.Relative))).StatusCode);
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/api/runs", UriKind.Relative))).StatusCode);
            Assert.Equal("READY=1", await SaidAsync(systemd));
            await node.DrainAsync();
            Assert.Equal("STOPPING=1", await SaidAsync(systemd));
        }

        var log = await File.ReadAllTextAsync(Path.Combine(folder, "node.log"));
        Assert.Contains("Exiting completed", log, StringComparison.Ordinal);
        Assert.DoesNotContain(token, log, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, log, StringComparison.Ordinal);

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> SaidAsync(Socket socket)
    {
        var buffer = new byte[256];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token));
    }

    /// <summary>A node is ready some time after it was started.</summary>
    private static async Task UntilAsync(HttpClient client, string path, string log)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if ((await client.GetAsync(new Uri(path, UriKind.Relative))).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Nothing listens yet.
            }

            if (started.Elapsed > TimeSpan.FromMinutes(2))
            {
                Assert.Fail(File.Exists(log) ? File.ReadAllText(log) : "the node has said nothing");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*[a-z]", RegexOptions.None, Patience)]
    private static partial Regex OptionPattern();

    [GeneratedRegex("LPZERO_[A-Z]+", RegexOptions.None, Patience)]
    private static partial Regex VariablePattern();

    [GeneratedRegex("\"(?<name>LPZERO_[A-Z]+)\"", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex QuotedVariablePattern();

    [GeneratedRegex(@"/(healthz|readyz|livez|health/[a-z]+)\b", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex HealthPattern();
}
