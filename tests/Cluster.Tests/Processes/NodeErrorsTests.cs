using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>
/// A node, or a process that serves without a cluster, which cannot be meant, or can never work, ends with one line that says why and
/// with the exit code for wrong usage.
/// </summary>
public sealed class NodeErrorsTests : IDisposable
{
    private const int WrongUsage = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-node-errors-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--memory 0,5", "0,5")]
    [InlineData("--unreachable-after 1,5", "1,5")]
    [InlineData("--join foo", "--join foo")]
    [InlineData("--join foo:99999999", "--join foo:99999999")]
    [InlineData("--join 127.0.0.1:0", "--join 127.0.0.1:0")]
    [InlineData("--host 203.0.113.7", "this machine has no such address")]
    [InlineData("--control 203.0.113.7:4054", "this machine has no such address")]
    [InlineData("--host no-such-host.invalid", "no host of this name")]
    [InlineData("--host 0.0.0.0", "--public-host")]
    [InlineData("--db Hots=db;Database=lpzero", "hots")]
    [InlineData("--db Host=db;Port=many", "port")]
    [InlineData("--db Database=lpzero", "no host")]
    [InlineData("--db mysql://db/lpzero", "mysql")]
    public async Task An_option_that_cannot_be_meant_is_named(string arguments, string named)
    {
        // A token lets the control API listen beyond this machine.
        var error = await ErrorAsync(["--roles", "coordinator", "--port", "0", .. arguments.Split(' ')], ("LPZERO_TOKEN", "token"));
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node", "LPZERO_READ_TOKEN", "looking", "127.0.0.1:0", "LPZERO_READ_TOKEN is set without LPZERO_TOKEN")]
    [InlineData("node", "LPZERO_TOKEN", "", "0.0.0.0:0", "set a token in LPZERO_TOKEN")]
    [InlineData("serve", "LPZERO_TOKEN", "", "0.0.0.0:0", "set a token in LPZERO_TOKEN")]
    public async Task A_control_API_that_everybody_could_use_is_refused(
        string command, string variable, string value, string control, string named) =>
        Assert.Contains(named, await ErrorAsync(command, ["--control", control], (variable, value)), StringComparison.Ordinal);

    [Fact]
    public async Task A_cluster_port_that_another_process_listens_on_is_refused_with_its_number()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // As another node did that let others share its port.
        other.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        Assert.Contains(port, await ErrorAsync(["--roles", "coordinator", "--port", port, "--control", "none"]), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_database_or_a_role_that_does_not_exist_is_refused_and_not_waited_for()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        foreach (var (key, wrong) in (IEnumerable<(string, string)>)[
            ("Database=postgres", "Database=missing-database"), ("Username=lpzero", "Username=missing-role"),
        ])
        {
            var location = postgres.ConnectionString.Replace(key, wrong, StringComparison.Ordinal);
            var error = await ErrorAsync(["--roles", "coordinator", "--port", "0", "--control", "none", "--db", location]);
            Assert.Contains(wrong.Split('=')[1], error, StringComparison.Ordinal);
        }
    }

    private Task<string> ErrorAsync(string[] arguments, params (string Name, string Value)[] environment) =>
        ErrorAsync("node", arguments, environment);

    private async Task<string> ErrorAsync(string command, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), command, .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal((WrongUsage, 1), (process.ExitCode, error.TrimEnd().Split('\n').Length));
            Assert.Empty(await output);
            return error;
        }
        finally
        {
            process.Kill();
        }
    }
}
