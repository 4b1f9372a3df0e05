using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dapper;
using Npgsql;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>A PostgreSQL server of the test's own, in a temporary folder and on a free port.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "postgres";
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-postgres-").FullName;
    private readonly int port = Ports.Free();
    private int databases;

    private PostgresServer()
    {
    }

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={port};Username=lpzero;Database=postgres;Timeout=5;Command Timeout=20");

    /// <summary>The folder of the server's programs, or null where there is none.</summary>
    public static string? Programs { get; } = Find();

    /// <summary>Why there is no server to be had; null where there is.</summary>
    public static string? Missing => Programs is null ? "PostgreSQL's server is not installed (Debian: apt install postgresql)" : null;

    public static async Task<PostgresServer> StartNewAsync()
    {
        var server = new PostgresServer();
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root.
            await RunAsync("chown", Account, server.folder);
        }

        await RunOwnAsync("initdb", "-D", server.Data, "-U", "lpzero", "--auth=trust", "-N");
        await server.StartAsync();
        return server;
    }

    public Task StartAsync() => RunOwnAsync(
        "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(folder, "log"),
        "-o", string.Create(CultureInfo.InvariantCulture,
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c max_connections=100"), "start");

    /// <summary>Makes an empty database, and says how to connect to it.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.ExecuteAsync($"create database {name}");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Ends it as a crash would.</summary>
    public Task CrashAsync() => RunOwnAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string Data => Path.Combine(folder, "data");

    private static Task RunOwnAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.UserName == "root"
            ? RunAsync("runuser", ["-u", Account, "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Without pipes of ours: the server outlives the program that starts it and would keep them open.
        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed");
    }

    private static string? Find()
    {
        const string debian = "/usr/lib/postgresql";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists(debian)
                ? Directory.GetDirectories(debian).OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
                : []);
        return folders.FirstOrDefault(candidate =>
            File.Exists(Path.Combine(candidate, "initdb")) && File.Exists(Path.Combine(candidate, "pg_ctl")));
    }
}

/// <summary>A test that needs PostgreSQL's server programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Missing;
}

/// <summary>Ports for the tests' servers.</summary>
internal static class Ports
{
    // Below the range from which Linux takes the ports of outgoing connections, which would take one of these before its server listens.
    private const int First = 20_000;
    private const int End = 32_000;
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that nobody listens on now, and that was not given before.</summary>
    public static int Free()
    {
        lock (Given)
        {
            while (true)
            {
                var port = Random.Shared.Next(First, End);
                if (Given.Add(port) && IsFree(port))
                {
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
